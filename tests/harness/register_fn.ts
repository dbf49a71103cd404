/** The FNs of a cash register of its own, read from the file of its service (STATE_PATH): the one in it, and those that were taken out. */
import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { requestUuid } from '@kkt/adapter/src/kkt/atol/requests.ts'
import { openReadOnly } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { z } from 'zod'
import type { FnDocument } from './wire_kkt.ts'
import { idInTag } from './wire_register.ts'

/** `isInKkt`: its FN is the one in the register. `fiscal_datetime`: as the document has it. */
export type RegisterDocument = FnDocument & {
  fn_number: string
  fiscal_sign: string
  fiscal_datetime: string
  isInKkt: boolean
}

/** A register is asked again and again while it is in trouble, each time under the next number. */
const MOST_ATTEMPTS = 500

const row = z.object({
  fn_number: z.string(),
  is_in_kkt: z.int(),
  fd_number: z.int(),
  kind: z.enum(['receipt', 'registration', 'shift_opening', 'shift_closing']),
  request: z.string().nullable(),
  shift_number: z.int(),
  receipt_number: z.int().nullable(),
  printed: z.int(),
  fiscal_sign: z.string(),
  fiscal_datetime: z.string(),
  attribute: z.string().nullable(),
  attribute_value: z.string().nullable(),
})

const SIGNED = `doc ->> '$.fiscalSign' AS fiscal_sign, doc ->> '$.fiscalDatetime' AS fiscal_datetime`
const NUMBERS = 'fd_number, kind, receipt_id AS request, documents.shift_number, receipt_number, printed'

/**
 * All documents, FN after FN. Each receipt's is found by tag 1084, or else by the name of the request that made it: both tell two
 * documents of one receipt apart from one. A document that is nobody's has its request in place of the receipt's id.
 * @param path the STATE_PATH of the service
 * @param ids of the receipts that tills or the journal know
 */
export function registerFn(path: string, ids: Iterable<string>): RegisterDocument[] {
  const db = openReadOnly(path)
  try {
    const replaced = db.prepare(
      `SELECT fn_number, 0 AS is_in_kkt, ${NUMBERS}, ${SIGNED}, NULL AS attribute, NULL AS attribute_value
       FROM replaced_documents AS documents ORDER BY rowid`,
    )
    const current = db.prepare(
      `SELECT fn_number, 1 AS is_in_kkt, ${NUMBERS}, ${SIGNED},
         content ->> '$.userAttribute.name' AS attribute, content ->> '$.userAttribute.value' AS attribute_value
       FROM fn, documents ORDER BY fd_number`,
    )
    const rows = z.array(row).parse([...replaced.all(), ...current.all()])
    const byRequest = receiptsOf(new Set(rows.flatMap(({ request }) => request ?? [])), ids)
    return rows.map((one) => documentOf(one, byRequest))
  } finally {
    db.close()
  }
}

/** The cash that was put into the drawer or taken out of it, in the order of the moves. */
export function registerCash(path: string): { kind: 'cash_in' | 'cash_out'; amount: number }[] {
  const db = openReadOnly(path)
  try {
    const moved = db.prepare(
      `SELECT kind, amount_kopecks / 100.0 AS amount FROM tasks WHERE kind IN ('cash_in', 'cash_out') ORDER BY number`,
    )
    return z.array(z.object({ kind: z.enum(['cash_in', 'cash_out']), amount: z.number() })).parse(moved.all())
  } finally {
    db.close()
  }
}

/** The receipts that the requests were for. */
function receiptsOf(requests: Set<string>, ids: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>()
  const all = [...ids]
  for (let attempt = 1; attempt <= MOST_ATTEMPTS && found.size < requests.size; attempt++) {
    for (const id of all) {
      const uuid = requestOf(id, attempt)
      if (requests.has(uuid)) found.set(uuid, id)
    }
  }
  return found
}

/** The name of the request by which a receipt's attempt is made. */
export function requestOf(id: string, attempt: number): string {
  if (!isReceiptId(id)) throw new Error(`${id} is no id of a receipt`)
  return requestUuid(id, attempt)
}

const isReceiptId = (text: string): text is ReceiptId => z.guid().safeParse(text).success

function documentOf(of: z.output<typeof row>, byRequest: Map<string, string>): RegisterDocument {
  const { kind, request, receipt_number } = of
  const alike = {
    fiscal_doc_number: of.fd_number,
    on_paper: of.printed === 1,
    shift_number: of.shift_number,
    fn_number: of.fn_number,
    fiscal_sign: of.fiscal_sign,
    fiscal_datetime: of.fiscal_datetime,
    isInKkt: of.is_in_kkt === 1,
  }
  if (kind !== 'receipt') return { ...alike, kind, receipt_id: null, receipt_number: null }
  if (request === null || receipt_number === null) throw new Error(`FD ${of.fd_number} is of no receipt`)
  const told = idInTag({ name: of.attribute, value: of.attribute_value })
  return { ...alike, kind, receipt_id: told ?? byRequest.get(request) ?? request, receipt_number }
}
