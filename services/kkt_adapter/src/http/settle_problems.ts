import { Problem } from '@kkt/platform/problem.ts'
import type { Status } from '../domain/state.ts'
import { RETRY_AFTER, told } from './adapter_problems.ts'

/** The errors of settling a receipt of which the KKT cannot tell the outcome. */
export const settleProblem = {
  notUntold: (receiptId: string, status: Status) =>
    new Problem(
      409,
      'not_untold',
      told((words) => words.notUntold(receiptId, status)),
    ),
  documentTaken: (fnNumber: string, fdNumber: number) =>
    new Problem(
      409,
      'document_taken',
      told((words) => words.documentTaken(fnNumber, fdNumber)),
    ),
  /** @param lastFd of the FN, which is in the KKT */
  documentNotMade: (fnNumber: string, fdNumber: number, lastFd: number) =>
    new Problem(
      409,
      'document_not_made',
      told((words) => words.documentNotMade(fnNumber, fdNumber, lastFd)),
    ),
  /** The KKT may have made this document a moment ago, for something else. */
  documentOpen: (fnNumber: string, fdNumber: number) =>
    new Problem(
      503,
      'document_open',
      told((words) => words.documentOpen(fnNumber, fdNumber)),
      RETRY_AFTER,
    ),
  /** The journal has no document right before it that would tell its shift. */
  shiftNotTold: () =>
    new Problem(
      422,
      'invalid_body',
      told((words) => {
        const { message, detail } = words.shiftNotTold()
        const errors = ['/shift_number', '/receipt_number'].map((pointer) => ({ pointer, message }))
        return { detail, errors }
      }),
    ),
}
