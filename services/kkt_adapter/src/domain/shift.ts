import type { Cashier } from './customer.ts'
import type { FfdVersion } from './ffd.ts'
import { namesOf } from './names.ts'
import type { Operation } from './operation.ts'
import type { PaymentType } from './payment.ts'

/** Receipts of one operation. The payments add up to the sum: change is taken off the cash. */
export type OperationTotals = { count: number; sumKopecks: number; payments: Record<PaymentType, number> }

export type Movements = { count: number; sumKopecks: number }

/** A shift's counters. Corrections count by their operation, and apart from receipts. */
export type ShiftTotals = {
  receipts: Record<Operation, OperationTotals>
  corrections: Record<Operation, OperationTotals>
  cashIn: Movements
  cashOut: Movements
}

const nothingSold = (): OperationTotals => ({
  count: 0,
  sumKopecks: 0,
  payments: { cash: 0, card: 0, prepaid: 0, credit: 0, other: 0 },
})
const ofEach = (): Record<Operation, OperationTotals> => ({
  sale: nothingSold(),
  refund: nothingSold(),
  buy: nothingSold(),
  buy_refund: nothingSold(),
})

/** The counters of a shift that has just opened. */
export const noTotals = (): ShiftTotals => ({
  receipts: ofEach(),
  corrections: ofEach(),
  cashIn: { count: 0, sumKopecks: 0 },
  cashOut: { count: 0, sumKopecks: 0 },
})

/** Adds a receipt's settled payments to the counters of its operation. */
export function addTo(totals: OperationTotals, sumKopecks: number, payments: Iterable<[PaymentType, number]>): void {
  totals.count += 1
  totals.sumKopecks += sumKopecks
  for (const [type, amountKopecks] of payments) totals.payments[type] += amountKopecks
}

/** The number of receipts, corrections included (tag 1118). */
export const receiptsIn = ({ receipts, corrections }: ShiftTotals): number =>
  [...Object.values(receipts), ...Object.values(corrections)].reduce((sum, { count }) => sum + count, 0)

/** The sum of one way of paying that a shift brought: sales and the refunds of buys come in, the others go out. */
export const takingsIn = ({ receipts, corrections }: ShiftTotals, type: PaymentType): number =>
  [receipts, corrections].reduce(
    (sum, of) =>
      sum + of.sale.payments[type] - of.refund.payments[type] - of.buy.payments[type] + of.buy_refund.payments[type],
    0,
  )

/** The FN's warnings, by tag: 1050, 1051, 1052, 1053. It still signs with any of them. */
export const FN_FLAGS = {
  /** Its keys end within 30 days. */
  ends_in_30_days: 1050,
  /** Its keys end within 3 days. */
  ends_in_3_days: 1051,
  /** Its memory is 90 % full. */
  nearly_full: 1052,
  /** The OFD has not confirmed a document in time. */
  ofd_silent: 1053,
} as const
export type FnFlag = keyof typeof FN_FLAGS
export const FN_FLAG_NAMES = namesOf(FN_FLAGS)

/** The FN's documents that the OFD has not confirmed. */
export type Unsent = {
  /** 1097. */
  count: number
  /** 1116: the first of them. Null where there is none. */
  firstFd: number | null
  /** 1098: the time of the first of them, in Unix milliseconds. Null where there is none. */
  sinceMs: number | null
}

/** The documents that open and close a shift. */
export const SHIFT_DOCUMENTS = ['shift_opening', 'shift_closing'] as const
export type ShiftDocumentKind = (typeof SHIFT_DOCUMENTS)[number]

/** The document of a shift's opening or closing. */
export type ShiftDocument = {
  kind: ShiftDocumentKind
  fdNumber: number
  fiscalSign: string
  /** As in a receipt's document. */
  fiscalDatetime: string
  /** The same time, in Unix milliseconds. */
  instantMs: number
  fnNumber: string
  kktNumber: string
  shiftNumber: number
  registrationNumber: string
  serialNumber: string
  seller: { name: string; inn: string }
  address: string
  place: string
  /** 1021, 1203. Null: the KKT did it by itself, or nobody was named. */
  cashier: Cashier | null
  ffdVersion: FfdVersion
  fnsUrl: string
  fnFlags: FnFlag[]
  unsent: Unsent
} & (
  | { kind: 'shift_opening' }
  /** `documentCount`: of the shift, the opening and this one included (1111). `receiptCount`: 1118. */
  | {
      kind: 'shift_closing'
      receiptCount: number
      documentCount: number
      totals: ShiftTotals
      drawerKopecks: number | null
    }
)

/** The state of a shift by the KKT. It expires 24 hours after its opening (54-FZ, article 4.3). */
export type ShiftState =
  /** `number`: of the last shift; 0 before the first. */
  | { kind: 'closed'; number: number }
  | { kind: 'opened' | 'expired'; number: number; openedAtMs: number; expiresAtMs: number }
