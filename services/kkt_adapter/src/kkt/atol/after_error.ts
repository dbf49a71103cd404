import type { Logger } from '@kkt/platform/logger.ts'
import type { Attempt } from '../attempts.ts'
import { type DriverError, ruleOf } from './errors.ts'
import { finishPaper, whyUnfinished } from './finish_paper.ts'
import { LOOKS_WITHOUT_RULE } from './look.ts'
import { unknown } from './outcomes.ts'
import type { Register } from './register.ts'
import type { Requests } from './requests.ts'

/** The next step after a task has ended with an error. */
export type AfterError =
  /** It has made no document. */
  | { kind: 'not_made' }
  /** The FN tells whether it has, once it was read so often. */
  | { kind: 'look'; looks: number }
  | { kind: 'unknown'; reason: string }

export type AfterErrorDeps = { requests: Requests; register: Register; logger: Logger }

/** @param subject names the receipt or the task in the log */
export async function afterError(
  { requests, register, logger }: AfterErrorDeps,
  { code }: DriverError,
  { fnNumber }: Attempt,
  subject: { receipt_id: string } | { task_id: string },
): Promise<AfterError> {
  const rule = ruleOf(code)
  logger.warn('kkt_error', { ...subject, error_code: code, has_rule: rule !== null })
  if (rule?.way === 'replace_fn') register.noteFull(fnNumber)
  if (rule?.fiscalised === 'no') return { kind: 'not_made' }
  const unfinished = rule?.way === 'continue_print' ? whyUnfinished(await finishPaper(requests)) : null
  if (unfinished !== null) return unknown(unfinished)
  return { kind: 'look', looks: rule === null ? LOOKS_WITHOUT_RULE : 1 }
}
