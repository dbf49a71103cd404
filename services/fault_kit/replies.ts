/** Answers that several faults share. */
import type { Seen, Stage, Verdict } from './fault.ts'
import { flag, wholeNumber } from './fields.ts'

type Answer = Extract<Verdict, { kind: 'answer' }>

/** The answer of a service that is down. */
export const unavailable = ({ service }: Pick<Seen, 'service'>): Answer => ({
  kind: 'answer',
  status: 503,
  body: { error: `${service} unavailable` },
})

export const tooManyRequests: Answer = { kind: 'answer', status: 429, body: { error: 'Too many requests' } }

export const retryAfter = wholeNumber('the value of Retry-After, in seconds', { max: 86_400 }).default(1)

export const withRetryAfter = (answer: Answer, seconds: number): Answer => ({
  ...answer,
  headers: { 'retry-after': String(seconds) },
})

export const effectOr = (usual: boolean) => flag('whether it is taken all the same').default(usual)

export const stageByEffect = ({ effect }: { effect: boolean }): Stage => (effect ? 'after_effect' : 'before_effect')
