/** The end of a run whose cash register is one of its own (KKT_MODE=atol), and hands its documents to the OFD by itself. */
import type { adapterClient, ofdClient } from './clients.ts'
import { pages } from './history.ts'
import { expectBody, withQuery } from './http.ts'
import type { History, LedgerEntry, Sale } from './invariants.ts'
import { type RegisterDocument, registerFn } from './register_fn.ts'
import { idInTag, registersReceipts } from './wire_register.ts'

type Adapter = Pick<ReturnType<typeof adapterClient>, 'get'>
type Ofd = Pick<ReturnType<typeof ofdClient>, 'documents'>

const MOST_RECEIPTS_A_PAGE = 100

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
  const receiptOf = new Map(fn.map((one) => [`${one.fn_number}/${one.fiscal_doc_number}`, one.receipt_id]))
  const tillOf = new Map(journal.map(({ receipt_id, pos_id }) => [receipt_id, pos_id]))
  return (await ofd.documents()).map(({ receipt_id: name, ofd_id, fiscal_doc_number, findings, document }) => {
    const { fn_number: _fn, fd_number: _fd, kind: _kind, kkt_id, user_attribute, fiscal_doc, ...content } = document
    const receipt_id = receiptOf.get(name) ?? name
    const pos_id = tillOf.get(receipt_id) ?? ''
    const isOurs = idInTag(user_attribute) === receipt_id
    const tills = isOurs || user_attribute === undefined ? content : { ...content, user_attribute }
    const ofReceipt = { pos_id, receipt_id, kkt_id, fiscal_doc }
    return { receipt_id, pos_id, ofd_id, fiscal_doc_number, findings, document: { ...tills, ...ofReceipt } }
  })
}
