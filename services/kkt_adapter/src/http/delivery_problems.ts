import { Problem } from '@kkt/platform/problem.ts'
import { told } from './adapter_problems.ts'

/** The errors where the KKT hands its documents to the OFD by itself. */
export const deliveryProblem = {
  dlqAbsent: () =>
    new Problem(
      404,
      'dlq_absent',
      told((words) => words.dlqAbsent()),
    ),
  /** @param fnNumber as the client said it */
  nothingUntraced: (fnNumber: string) =>
    new Problem(
      409,
      'nothing_untraced',
      told((words) => words.nothingUntraced(fnNumber)),
    ),
}
