import type { Correction, Original } from './correction.ts'
import type { Cashier, Customer } from './customer.ts'
import type { FfdVersion } from './ffd.ts'
import type { Item, SaidItem } from './item.ts'
import type { Operation } from './operation.ts'
import type { Payment } from './payment.ts'
import type { Status } from './state.ts'
import type { TaxationSystem } from './taxation.ts'
import type { VatSum } from './vat.ts'

/** A UUIDv7 minted by the hybrid logical clock. */
export type ReceiptId = string & { readonly __brand: 'ReceiptId' }
export type IdempotencyKey = string & { readonly __brand: 'IdempotencyKey' }

/** A correction may name the receipt that it corrects; nothing else may. */
type Corrects = { correction: Correction; corrects?: Original } | { correction?: never; corrects?: never }

type ContentOf<AnyItem> = {
  posId: string
  type: Operation
  items: AnyItem[]
  /** As they were handed over: cash may include the change. */
  payments: Payment[]
  /** 1020: up to 99 kopecks below the items' sum. */
  totalKopecks: number
  /** The receipt whose goods come back. */
  refundOf?: Original
  /** 1055. */
  taxationSystem?: TaxationSystem
  cashier?: Cashier
  customer?: Customer
  /** 1125. */
  internet?: boolean
  /** 1187. */
  place?: string
  /** 1009. */
  address?: string
  /** No paper is wanted: the customer gets the receipt by e-mail or phone. */
  electronic?: boolean
  /** 1192. */
  attribute?: string
  /** 1084: its name 1085, its value 1086. */
  userAttribute?: { name: string; value: string }
  /** 1117. */
  senderEmail?: string
} & Corrects

/** The content of a receipt as it is fiscalised, told and delivered. An optional field that is not said is absent. */
export type ReceiptContent = ContentOf<Item>

/** The checked words of a till. Equal words are equal JSON, and those that say little are short. */
export type SaidContent = ContentOf<SaidItem>

export const saysRates = (said: SaidContent): said is ReceiptContent => said.items.every(({ vat }) => vat !== undefined)

export type FiscalDoc = {
  /** Counted by the FN: 1, 2, 3… The registration and the documents of shifts take numbers, too. */
  fdNumber: number
  /** FPD: the FN's signature, an unsigned number of 32 bits, so 1 to 10 digits. */
  fiscalSign: string
  /** ISO 8601 by the KKT's clock in its own zone, with the offset. An FN keeps minutes, so the seconds are 00. */
  fiscalDatetime: string
  fnNumber: string
  kktNumber: string
  shiftNumber: number
  /** Counted within the shift. */
  receiptNumber: number
  totalKopecks: number
  qrCodeData: string
  details?: DocDetails
}

/** The day of a document in the KKT's zone, `yyyy-mm-dd`. */
export const localDate = ({ fiscalDatetime }: Pick<FiscalDoc, 'fiscalDatetime'>): string =>
  fiscalDatetime.slice(0, 'yyyy-mm-dd'.length)

/** The part of a document that only its slip needs. Documents that earlier versions recorded have none. */
export type DocDetails = {
  operation: Operation
  isCorrection: boolean
  /** РНМ, 1037. */
  registrationNumber: string
  /** ЗН, 1013. */
  serialNumber: string
  seller: { name: string; inn: string }
  address: string | null
  place: string | null
  taxationSystem: TaxationSystem
  cashier: Cashier | null
  vatSums: VatSum[]
  /** Settled, one per way at most, the change taken off the cash. */
  payments: Payment[]
  changeKopecks: number
  ffdVersion: FfdVersion
  fnsUrl: string
  /** The time of `fiscalDatetime`, in Unix milliseconds. */
  instantMs: number
}

/**
 * Whether a document that is closed in the FN came out on paper. It is fiscalised either way. An electronic receipt, which
 * needs no paper, counts as printed.
 */
export type Paper = 'printed' | 'missing'

/** A receipt in the FN. `content` is null when the KKT does not say what was sold. */
export type FnReceipt = { id: ReceiptId; content: ReceiptContent | null; doc: FiscalDoc; paper: Paper }

/** A journaled receipt. Times are Unix milliseconds. */
export type Receipt = {
  id: ReceiptId
  content: ReceiptContent
  status: Status
  createdAtMs: number
  changedAtMs: number
  fiscalDoc: FiscalDoc | null
  printedAtMs: number | null
  /** Closed in the FN, but not on paper yet. */
  needsPaper: boolean
  /** Closed in the FN, not on paper, and the KKT can no longer print it, because another FN is in it. */
  isPaperLost: boolean
  /** It was sent to the OFD once without a clear outcome: look it up there before sending it again. */
  maybeAtOfd: boolean
  retryCount: number
  ofdId: string | null
  syncedAtMs: number | null
  dlqReason: DlqReason | null
  lastError: string | null
  /**
   * The FN that it was handed to, and that was replaced before it told whether it holds its document, or holds several that may
   * be it. An operator has to say it. Null for all others.
   */
  untoldFn: string | null
}

export type FiscalisedReceipt = Receipt & { fiscalDoc: FiscalDoc }

export const DLQ_REASONS = ['refused_by_ofd', 'retries_exhausted'] as const
export type DlqReason = (typeof DLQ_REASONS)[number]
