/**
 * `journal_loop.ts <buffer> <at once> <seconds>`: takes receipts into a buffer, so many in a group, through the two commits
 * that each needs until it is printed, as nothing but the journal would. Prints how many went in, how many a second, and
 * what that took of the processors in µs.
 */

import type { FiscalDoc, ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptHeaders } from '@kkt/adapter/src/http/receipt_schema.ts'
import { createJournal, type Tx } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { FISCAL_DOC } from '../documents.ts'
import { CONTENT, contentOf, nextSale } from '../sales.ts'
import { beginTally } from './tally.ts'

const [path = '', atOnce = '', seconds = ''] = process.argv.slice(2)
const { write } = createJournal(openDatabase(path), {
  clock: systemClock,
  maxUndelivered: Number.MAX_SAFE_INTEGER,
})

const documentOf = (fdNumber: number): FiscalDoc => ({
  fdNumber,
  fiscalSign: FISCAL_DOC.fiscal_sign,
  fiscalDatetime: FISCAL_DOC.fiscal_datetime,
  fnNumber: FISCAL_DOC.fn_number,
  kktNumber: FISCAL_DOC.kkt_number,
  shiftNumber: FISCAL_DOC.shift_number,
  receiptNumber: fdNumber,
  totalKopecks: CONTENT.totalKopecks,
  qrCodeData: FISCAL_DOC.qr_code_data,
})

type Sold = { sale: number; id: ReceiptId }

function take(tx: Tx, sale: number): Sold {
  const { 'idempotency-key': key } = receiptHeaders.parse(nextSale().headers)
  const taken = tx.accept({ key, content: contentOf(sale) })
  if (taken.kind !== 'accepted') throw new Error(`Sale ${sale} was not accepted: ${taken.kind}`)
  return { sale, id: taken.receipt.id }
}

/** The commit that records some takes the next. */
const step = (printed: Sold[], sales: number[]): Promise<Sold[]> =>
  write((tx) => {
    for (const { sale, id } of printed) tx.recordPrinted(id, documentOf(sale), 'printed')
    const taken = sales.map((sale) => take(tx, sale))
    tx.markPrinting(...taken.map(({ id }) => id))
    return taken
  })

const tally = beginTally()
let sold = 0
let marked: Sold[] = []
while (!tally.isOver(seconds)) {
  marked = await step(
    marked,
    Array.from({ length: Number(atOnce) }, () => ++sold),
  )
}
await step(marked, [])
tally.tell(sold)
