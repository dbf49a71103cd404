import { z } from 'zod'
import type { Secrets } from '../../domain/secrets.ts'
import { type Answer, answerInWords, errorIn, type Silence } from './client.ts'
import { type DriverError, errorInWords, ruleOf } from './errors.ts'

/** The end of a request with one task. */
export type TaskEnd =
  /** `entry`: its result with the warnings of the task. */
  | { kind: 'ready'; entry: unknown; result: unknown }
  | { kind: 'failed'; error: DriverError }
  /** `interrupted` or `canceled`: it never began. */
  | { kind: 'not_begun' }
  /** The service knows no such request. It never came, or was forgotten. */
  | { kind: 'gone' }
  /** It goes on, or nobody answers. */
  | { kind: 'open'; reason: string }

/** The service did not take a request. `isLasting`: it will not. */
export type NotTaken = { kind: 'not_taken'; isLasting: boolean; reason: string }

const STATUSES = ['wait', 'inProgress', 'ready', 'error', 'interrupted', 'blocked', 'canceled'] as const

const entry = z.looseObject({
  status: z.enum(STATUSES),
  error: z
    .object({ code: z.int(), description: z.string().catch('') })
    .nullish()
    .catch(null),
})
const results = z.object({ results: z.array(entry).min(1) })

export type Entry = z.output<typeof entry>

const NO_CODE: DriverError = { code: 0, description: '' }
export const UNFIT = 'the service of the KKT answered in a form that is not known'

export function endOf(told: Entry): Exclude<TaskEnd, { kind: 'gone' }> {
  switch (told.status) {
    case 'ready':
      return { kind: 'ready', entry: told, result: told['result'] }
    case 'error':
      return { kind: 'failed', error: told.error ?? NO_CODE }
    case 'interrupted':
    case 'canceled':
      return { kind: 'not_begun' }
    case 'blocked': {
      const why = told.error ? `: ${errorInWords(told.error, null)}` : ''
      return { kind: 'open', reason: `the queue of the KKT is blocked until the KKT answers${why}` }
    }
    default:
      return { kind: 'open', reason: 'the KKT has not finished it in time' }
  }
}

export const hasEnded = ({ status }: Entry): boolean =>
  status !== 'wait' && status !== 'inProgress' && status !== 'blocked'

/** The reason why entries have not ended. */
export function openInWords(entries: readonly Entry[]): string {
  const open = entries.map(endOf).find(({ kind }) => kind === 'open')
  return open?.kind === 'open' ? open.reason : UNFIT
}

/** @returns the entries, or the reason why there are none */
export function readEntries(answer: Answer | Silence): Entry[] | string {
  if (answer.kind === 'silent') return answer.reason
  if (answer.status !== 200) return answerInWords(answer)
  return results.safeParse(answer.body).data?.results ?? UNFIT
}

/**
 * A 400 or a 420 that names no error may be of a proxy, and a rule says of some errors that they pass.
 * @param secrets of the request
 */
export function notTaken(answer: Answer, secrets: Secrets): NotTaken {
  const error = errorIn(answer.body)
  const isOfTask = (answer.status === 400 || answer.status === 420) && error !== null
  if (!isOfTask) return { kind: 'not_taken', isLasting: false, reason: answerInWords(answer) }
  const way = ruleOf(error.code)?.way ?? 'lasting'
  return { kind: 'not_taken', isLasting: way === 'lasting', reason: errorInWords(error, secrets) }
}
