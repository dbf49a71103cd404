import type { Language } from '@kkt/platform/language.ts'
import { z } from 'zod'
import type { Receipt } from '../domain/receipt.ts'
import { isUnprinted, STATUSES } from '../domain/state.ts'
import type { CorrectionRecord } from '../journal/corrections.ts'
import type { Journal } from '../journal/journal.ts'
import { fiscalDoc } from './fiscal_doc_answer.ts'
import { paper, paperOf, tillsFiscalDoc } from './receipt_answers.ts'
import { type WarningDeps, warnings, warningsOf } from './warnings.ts'
import { ADAPTER_WORDS, type AdapterWords } from './words/words.ts'

const part = z.object({
  receipt_id: z.guid().meta({ description: 'Its id. It is a receipt as any other, and is asked about as any other' }),
  pos_id: z.string().meta({ description: "The till's name" }),
  status: z.enum(STATUSES).meta({ description: 'Its state' }),
  fiscal_doc: fiscalDoc.nullable().meta({ description: 'Null while the KKT has made no document' }),
  paper,
  last_error: z.string().nullable().meta({ description: 'The reason of its last failure. Null without one' }),
  warnings,
})

export const correctionAnswer = z.object({
  correction_id: z.guid().meta({ description: 'The id of the correction: that of its first receipt' }),
  status: z.enum(['printed', 'buffered', 'incomplete', 'closed']).meta({
    description:
      '`printed`: all its documents are made. `buffered`: it is safe, and the rest will be made. `incomplete`: the KKT has refused a part, and a person has to look. `closed`: an operator has settled that',
  }),
  reversal: part.nullable().meta({
    description: 'The correction that takes the wrong receipt back. Null where there is none, or it is pruned',
  }),
  right: part
    .nullable()
    .meta({ description: 'The correction that says what is right. Null where there is none, or it is pruned' }),
  close_reason: z.string().nullable().meta({ description: 'How an operator has settled it. Null elsewhere' }),
  message: z.string().meta({ description: 'For people: how it stands, and what to do' }),
})

/** A correction with its receipts, as far as they are not pruned. */
export type Correction = { record: CorrectionRecord; reversal: Receipt | null; right: Receipt | null }

export const correctionOf = (record: CorrectionRecord, { queries }: Pick<Journal, 'queries'>): Correction => ({
  record,
  reversal: record.reversal && queries.find(record.reversal),
  right: record.right && queries.find(record.right),
})

export const partsOf = ({ reversal, right }: Correction): Receipt[] =>
  [reversal, right].filter((receipt) => receipt !== null)

export function toWireCorrection(
  correction: Correction,
  deps: WarningDeps,
  language: Language,
): z.input<typeof correctionAnswer> {
  const { record, reversal, right } = correction
  const status = statusOf(correction)
  return {
    correction_id: record.id,
    status,
    reversal: reversal && wirePart(reversal, deps, language),
    right: right && wirePart(right, deps, language),
    close_reason: record.closeReason,
    message: messageOf(status, ADAPTER_WORDS[language].answers),
  }
}

type Status = z.output<typeof correctionAnswer>['status']

function messageOf(status: Status, words: AdapterWords['answers']): string {
  if (status === 'printed') return words.correctionPrinted()
  if (status === 'buffered') return words.correctionBuffered()
  return status === 'incomplete' ? words.correctionIncomplete() : words.correctionClosed()
}

function statusOf(correction: Correction): Status {
  const parts = partsOf(correction)
  if (correction.record.closeReason !== null) return 'closed'
  if (correction.record.isHalfDone || parts.some(({ status }) => status === 'refused')) return 'incomplete'
  return parts.some(({ status, needsPaper }) => isUnprinted(status) || needsPaper) ? 'buffered' : 'printed'
}

const wirePart = (receipt: Receipt, deps: WarningDeps, language: Language): z.input<typeof part> => ({
  receipt_id: receipt.id,
  pos_id: receipt.content.posId,
  status: receipt.status,
  fiscal_doc: receipt.fiscalDoc && tillsFiscalDoc(receipt.fiscalDoc, deps.driver),
  paper: paperOf(receipt),
  last_error: receipt.lastError,
  warnings: warningsOf(receipt, deps, language),
})
