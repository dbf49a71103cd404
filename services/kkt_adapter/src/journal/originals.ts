import type { DocumentNumbers, Original } from '../domain/correction.ts'
import type { Item, Measure, PaymentObject } from '../domain/item.ts'
import type { Operation } from '../domain/operation.ts'
import type { FiscalDoc, Receipt, ReceiptId } from '../domain/receipt.ts'
import type { Refundable, SoldItem } from '../domain/refund.ts'
import { said } from '../domain/said.ts'
import type { Status } from '../domain/state.ts'
import { signedSystem, type TaxationSystem } from '../domain/taxation.ts'
import type { Vat } from '../domain/vat.ts'
import type { Database } from '../sqlite/database.ts'
import type { Queries } from './queries.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt, VALUE } from './rows.ts'

/** `status`: null for a receipt that was pruned, and so had ended. */
export type KnownOriginal = Refundable & { id: ReceiptId; status: Status | null }

type OriginalRow = {
  receipt_id: ReceiptId
  operation: Operation
  fn_number: string
  fd_number: number
  fiscal_sign: string
  total_kopecks: number
  items: string
  taxation_system: TaxationSystem | null
}

/** Earlier versions kept the first three. The last two are left out for pieces of a commodity, which almost all are. */
type KeptItem = [string, number, Vat, quantityMicro?: number | null, PaymentObject?, Measure?]
const USUAL = { paymentObject: 'commodity', measure: 'piece' } as const

const COLUMNS = 'receipt_id, operation, fn_number, fd_number, fiscal_sign, total_kopecks, items, taxation_system'

/** Finds the originals of refunds: receipts in the journal, and what was kept of pruned ones. */
export function createOriginals(db: Database, queries: Pick<Queries, 'find' | 'findByDocument'>) {
  const byId = db.prepare<OriginalRow>(`SELECT ${COLUMNS} FROM originals WHERE receipt_id = ?`)
  const byDocument = db.prepare<OriginalRow>(`SELECT ${COLUMNS} FROM originals WHERE fd_number = ?2 AND fn_number = ?1`)
  return (original: Original): KnownOriginal | null => {
    const receipt =
      original.receiptId === undefined
        ? queries.findByDocument(original.fnNumber, original.fdNumber)
        : queries.find(original.receiptId as ReceiptId)
    if (receipt) return knownOf(receipt)
    const row =
      original.receiptId === undefined
        ? byDocument.get(original.fnNumber, original.fdNumber)
        : byId.get(original.receiptId)
    return row ? keptOf(row) : null
  }
}

const knownOf = ({ id, status, content, fiscalDoc }: Receipt): KnownOriginal => ({
  id,
  status,
  operation: content.type,
  numbers: fiscalDoc && numbersOf(fiscalDoc),
  totalKopecks: content.totalKopecks,
  taxationSystem: signedSystem(content, fiscalDoc),
  items: content.items.map(soldItem),
})

const soldItem = ({
  name,
  priceKopecks,
  vat,
  quantityMicro,
  paymentObject = USUAL.paymentObject,
  measure = USUAL.measure,
}: Item): SoldItem => ({ name, priceKopecks, vat, quantityMicro, paymentObject, measure })

function keptItem(item: SoldItem): KeptItem {
  const { name, priceKopecks, vat, quantityMicro, paymentObject, measure } = { ...USUAL, ...item }
  const isUsual = paymentObject === USUAL.paymentObject && measure === USUAL.measure
  return isUsual
    ? [name, priceKopecks, vat, quantityMicro]
    : [name, priceKopecks, vat, quantityMicro, paymentObject, measure]
}

function readItem([name, priceKopecks, vat, quantityMicro, paymentObject, measure]: KeptItem): SoldItem {
  if (quantityMicro === undefined) return { name, priceKopecks, vat, quantityMicro: null }
  return { name, priceKopecks, vat, quantityMicro, ...USUAL, ...said({ paymentObject, measure }) }
}

const numbersOf = ({ fnNumber, fdNumber, fiscalSign }: FiscalDoc): DocumentNumbers => ({
  fnNumber,
  fdNumber,
  fiscalSign,
})

function keptOf(row: OriginalRow): KnownOriginal {
  const items: KeptItem[] = JSON.parse(row.items)
  return {
    id: row.receipt_id,
    status: null,
    operation: row.operation,
    numbers: { fnNumber: row.fn_number, fdNumber: row.fd_number, fiscalSign: row.fiscal_sign },
    totalKopecks: row.total_kopecks,
    taxationSystem: row.taxation_system ?? undefined,
    items: items.map(readItem),
  }
}

/** Keeps what refunds need of receipts that are about to be removed, and removes it when it is old itself. */
export function createKeptOriginals(db: Database) {
  const bySeq = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = ${VALUE}`)
  const insert = db.prepare(
    `INSERT OR IGNORE INTO originals (${COLUMNS}, ended_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const prune = (table: string, time: string, and = '') =>
    db.prepare(
      `DELETE FROM ${table} WHERE receipt_id IN (
         SELECT receipt_id FROM ${table} WHERE ${time} < ?1 ${and} ORDER BY ${time} LIMIT 0 + ?2
       )`,
    )
  const pruneOriginals = prune('originals', 'ended_at_ms')
  // A refund counts as long as its original is known, and its till is warned of the same as long as its receipt is kept.
  const isKept = (table: string, id: string) =>
    `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.receipt_id = refunds.${id})`
  const pruneRefunds = prune(
    'refunds',
    'created_at_ms',
    `AND NOT ${isKept('originals', 'original')} AND NOT ${isKept('sales', 'original')} AND NOT ${isKept('sales', 'receipt_id')}`,
  )
  const pruneTwins = prune('twins', 'created_at_ms')
  return {
    keep(seq: number): void {
      const row = bySeq.get(seq)
      if (!row) return
      const receipt = toReceipt(row)
      const { id, operation, numbers, totalKopecks, taxationSystem, items } = knownOf(receipt)
      if (numbers === null || (operation !== 'sale' && operation !== 'buy')) return
      const { fnNumber, fdNumber, fiscalSign } = numbers
      const sold = JSON.stringify(items.map(keptItem))
      const system = taxationSystem ?? null
      insert.run(id, operation, fnNumber, fdNumber, fiscalSign, totalKopecks, sold, system, receipt.changedAtMs)
    },
    /** Twins are told of as long as their receipts are kept. */
    pruneTwins: (beforeMs: number, limit: number): void => void pruneTwins.run(beforeMs, limit),
    /** @returns the number of removed rows of the table that lost most of them: if it is `limit`, there may be more */
    prune: (beforeMs: number, limit: number): number =>
      Math.max(pruneOriginals.run(beforeMs, limit), pruneRefunds.run(beforeMs, limit)),
  }
}

export type KeptOriginals = ReturnType<typeof createKeptOriginals>
