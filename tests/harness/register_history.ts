/** The end of a run whose cash register is one of its own (KKT_MODE=atol), and hands its documents to the OFD by itself. */
import { z } from 'zod'
import type { adapterClient, ofdClient } from './clients.ts'
import { pages } from './history.ts'
import { expectBody, withQuery } from './http.ts'
import type { History, LedgerEntry, Sale } from './invariants.ts'
import { type RegisterDocument, registerFn } from './register_fn.ts'
import { finding } from './wire.ts'
import { documentContent } from './wire_content.ts'
import { fiscalDoc } from './wire_document.ts'
import { registersReceipts } from './wire_register.ts'

type Adapter = Pick<ReturnType<typeof adapterClient>, 'get'>
type Ofd = Pick<ReturnType<typeof ofdClient>, 'get'>

const MOST_RECEIPTS_A_PAGE = 100
/** All that the mock OFD keeps. */
const MOST_DOCUMENTS = 20_000

const sent = z.strictObject({
  fn_number: z.string(),
  fd_number: z.int(),
  kind: z.literal('receipt'),
  kkt_id: z.string(),
  ...documentContent.shape,
  fiscal_doc: fiscalDoc,
})
const taken = z.object({
  documents: z.array(
    z.object({
      ofd_id: z.string(),
      fn_number: z.string(),
      fiscal_doc_number: z.int(),
      findings: z.array(finding),
      document: sent,
    }),
  ),
})

/**
 * Everything that the adapter, the register and the OFD hold. Nothing may be under way. There is no DLQ.
 * @param statePath the STATE_PATH of the register's service
 * @param sales name the receipts that the journal may have lost
 */
export async function collectRegisterHistory(
  adapter: Adapter,
  ofd: Ofd,
  { statePath, sales }: { statePath: string; sales: readonly Sale[] },
): Promise<Pick<History, 'journal' | 'ledger' | 'deadLetters'> & { fn: RegisterDocument[] }> {
  const journal = await pages(async (cursor) => {
    const query = { limit: MOST_RECEIPTS_A_PAGE, ...(cursor && { cursor }) }
    const page = expectBody(await adapter.get(withQuery('/v1/kkt/receipts', query)), 200, registersReceipts)
    return { items: page.receipts, next: page.next_cursor }
  })
  const told = sales.flatMap(({ answers }) => answers.flatMap((one) => ('receiptId' in one ? [one.receiptId] : [])))
  const fn = registerFn(statePath, new Set([...told, ...journal.map(({ receipt_id }) => receipt_id)]))
  return { journal, fn, ledger: await ledgerOf(ofd, fn, journal), deadLetters: [] }
}

/** The documents at the OFD name neither till nor receipt: the FN's tell the receipt, and the journal its till. */
async function ledgerOf(
  ofd: Ofd,
  fn: readonly RegisterDocument[],
  journal: History['journal'],
): Promise<LedgerEntry[]> {
  const receiptOf = new Map(fn.map((one) => [nameOf(one.fn_number, one.fiscal_doc_number), one.receipt_id]))
  const tillOf = new Map(journal.map(({ receipt_id, pos_id }) => [receipt_id, pos_id]))
  const query = { kind: 'receipt', limit: MOST_DOCUMENTS }
  const { documents } = expectBody(await ofd.get(withQuery('/_test/documents', query)), 200, taken)
  return documents.map(({ ofd_id, fiscal_doc_number, findings, document }) => {
    const { fn_number, fd_number, kind: _kind, kkt_id, user_attribute, fiscal_doc, ...content } = document
    const name = nameOf(fn_number, fd_number)
    const receipt_id = receiptOf.get(name) ?? name
    const pos_id = tillOf.get(receipt_id) ?? ''
    const isOurs = user_attribute?.name === 'receipt_id' && user_attribute.value === receipt_id
    const tills = isOurs || user_attribute === undefined ? content : { ...content, user_attribute }
    const ofReceipt = { pos_id, receipt_id, kkt_id, fiscal_doc }
    return { receipt_id, pos_id, ofd_id, fiscal_doc_number, findings, document: { ...tills, ...ofReceipt } }
  })
}

const nameOf = (fn: string, fd: number): string => `${fn}/${fd}`
