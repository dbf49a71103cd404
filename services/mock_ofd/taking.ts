/** The steps that both ways of sending share. */
import { type Finding, NOTHING_WRONG } from '@kkt/fault-kit/finding.ts'
import type { Visit } from '@kkt/fault-kit/visit.ts'
import type { z } from 'zod'
import { isRefusable } from './judge/judge.ts'
import type { ReceiptLedger } from './ledger.ts'
import type { Known, Taken } from './ledger_book.ts'
import type { Numbered } from './register_document.ts'
import type { documentFound, found } from './schema.ts'
import type { Submission } from './submission.ts'

/** A till's receipt has at most 256 KiB; here the fiscal document is added to it. */
export const MAX_RECEIPT_BYTES = 512 * 1024

/** Judges a document that a strict OFD may refuse. One that it holds gets its first answer, right or wrong. */
export function refusableFindings(submission: Submission, ledger: ReceiptLedger, visit: Visit): readonly Finding[] {
  if (ledger.find(submission.receiptId)) return NOTHING_WRONG
  const findings = ledger.judged(submission)
  visit.judged(findings)
  const refusable = findings.filter(isRefusable)
  if (refusable.length > 0) ledger.countRefused()
  return refusable
}

export const told = ({ ofdId, receivedAtMs }: Taken) => ({
  status: 'accepted' as const,
  ofd_id: ofdId,
  timestamp: Math.floor(receivedAtMs / 1000),
})

/** Names the document in the answer, so that its sender can tell a stray answer from its own. */
export const numbersTold = ({ fnNumber, fdNumber }: Numbered, { register }: Taken) => ({
  fn_number: fnNumber,
  fd_number: fdNumber,
  kind: register?.kind ?? ('receipt' as const),
})

/** The answers to look-ups. */
export function lookupAnswers(ledger: ReceiptLedger) {
  const standing = (taken: Taken) => ({
    ...told(taken),
    ...(ledger.isRejected(taken) && { status: 'rejected' as const }),
  })
  const ofReceipt = ({ receiptId, taken }: Known): z.output<typeof found> => ({
    ...standing(taken),
    receipt_id: receiptId,
  })
  const ofDocument = (numbers: Numbered, taken: Taken): z.output<typeof documentFound> => ({
    ...standing(taken),
    ...numbersTold(numbers, taken),
  })
  return {
    ofReceipt,
    ofDocument,
    /** The answer about another document than the wanted one, as its own sender gets it. */
    another: (wanted: string) => () => {
      const other = ledger.otherThan(wanted)
      if (!other) return undefined
      const { register } = other.taken
      return register ? ofDocument(register, other.taken) : ofReceipt(other)
    },
  }
}
