import type { Clock } from '@kkt/platform/clock.ts'
import { type AtolClient, answerInWords, QUERY_LIMIT_MS } from './client.ts'

/** The register, or its service, did not tell. */
export type Silent = { kind: 'silent'; reason: string }
export const silent = (reason: string): Silent => ({ kind: 'silent', reason })

export type Asked<T> = { kind: 'told'; value: T } | Silent
export const told = <T>(value: T): Asked<T> => ({ kind: 'told', value })

/** A question beside the queue. */
export type Question =
  | 'DeviceInfo'
  | 'DeviceStatus'
  | 'ShiftStatus'
  | 'FnInfo'
  | 'FnStatus'
  | 'OfdExchangeStatus'
  | 'ShiftTotals'

/** How long the next question may take, in milliseconds. */
export type TimeLeft = () => number

/** Each question has its own time. */
export const EACH: TimeLeft = () => QUERY_LIMIT_MS

/** All questions together have one time. @param mostMs of one question */
export function together(clock: Pick<Clock, 'monotonicMs'>, allMs: number, mostMs: number): TimeLeft {
  const endMs = clock.monotonicMs() + allMs
  return () => Math.max(0, Math.min(mostMs, endMs - clock.monotonicMs()))
}

/** Asks the register beside its queue, for one thing at a time. Nothing here rejects. */
export async function ask(client: AtolClient, question: Question, left: TimeLeft): Promise<Asked<unknown>> {
  const answer = await client.query(question, left())
  if (answer.kind === 'silent') return silent(answer.reason)
  return answer.status === 200 ? told(answer.body) : silent(answerInWords(answer))
}

/** @returns all answers, or the first silence */
export async function askAll(
  client: AtolClient,
  questions: readonly Question[],
  left: TimeLeft,
): Promise<Asked<ReadonlyMap<Question, unknown>>> {
  const answers = new Map<Question, unknown>()
  for (const question of questions) {
    const answer = await ask(client, question, left)
    if (answer.kind === 'silent') return answer
    answers.set(question, answer.value)
  }
  return told(answers)
}
