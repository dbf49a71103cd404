/**
 * `journal_alone.ts <buffer> <intake|life> <at once> <seconds>`: takes receipts through a journal, so many a commit, as
 * nothing but the journal would: through `intake`, until they are printed, or through their whole `life`, until the OFD has
 * them. Prints how many went in, how many a second, and what that took of the processors in µs.
 */

import type { FiscalDoc, ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptHeaders } from '@kkt/adapter/src/http/receipt_schema.ts'
import { createJournal, type Tx } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { FISCAL_DOC } from '../documents.ts'
import { CONTENT, contentOf, nextSale } from '../sales.ts'
import { beginTally } from './tally.ts'

const [path = '', steps = '', atOnce = '', seconds = ''] = process.argv.slice(2)
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
const sell = (printed: Sold[], sales: number[]): Promise<Sold[]> =>
  write((tx) => {
    for (const { sale, id } of printed) tx.recordPrinted(id, documentOf(sale), 'printed')
    const taken = sales.map((sale) => take(tx, sale))
    tx.markPrinting(...taken.map(({ id }) => id))
    return taken
  })

/** The commit that records what was delivered marks what is delivered next, as that of a till's next receipt does. */
const deliver = (delivered: Sold[], next: Sold[]): Promise<void> =>
  write((tx) => {
    for (const { sale, id } of delivered) tx.recordSynced(id, `OFD-${sale}`)
    for (const { id } of next) tx.markSyncing(id)
  })

const tally = beginTally()
let sold = 0
let printing: Sold[] = []
let syncing: Sold[] = []

async function turn(sales: number[]): Promise<void> {
  const printed = printing
  printing = await sell(printed, sales)
  if (steps === 'intake') return
  await deliver(syncing, printed)
  syncing = printed
}

while (!tally.isOver(seconds)) await turn(Array.from({ length: Number(atOnce) }, () => ++sold))
// Receipts under way get to their end.
while (printing.length + syncing.length > 0) await turn([])
tally.tell(sold)
