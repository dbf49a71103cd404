import { readAnswer } from '@kkt/platform/bounded.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { noOtherField } from '@kkt/platform/wording.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { createTimeLimit } from '../delivery/time_limit.ts'
import { adapterProblem } from './adapter_problems.ts'

/** `url`: that of the OFD. `send` is the way that receipts go, so that a proxy or a mock in the process makes no difference. */
export type OfdControlDeps = { url: string; clock: Clock; send: (request: Request) => Promise<Response> }

/** A switch has one field. */
export const MAX_SWITCH_BYTES = 64 * 1024
/** A person waits for the answer. */
const ANSWER_WITHIN_MS = 3000

const description = 'Whether the mock OFD is off: it answers 503'
const shown = z.object({ permanent_failure: z.boolean().meta({ description }) })
const change = z
  .object({ permanent_failure: z.boolean('takes true or false').meta({ description }) })
  .catchall(noOtherField(['permanent_failure']))

/** Switches the mock OFD off and on, for the adapter's page: a browser may not call the mock, which is another origin. */
export function ofdControl({ url, clock, send }: OfdControlDeps) {
  const timeLimit = createTimeLimit({ clock, limitMs: ANSWER_WITHIN_MS })
  const config = `${url.replace(/\/+$/, '')}/ofd/v1/_test/config`

  /** @throws Problem */
  async function ask(init: { method: 'GET' | 'POST'; body?: string }): Promise<z.infer<typeof shown>> {
    const answering = timeLimit.within(async (signal) => {
      const answer = await send(new Request(config, { ...init, redirect: 'manual', signal }))
      const text = await readAnswer(answer)
      return answer.ok ? JSON.parse(text) : null
    })
    const parsed = shown.safeParse(await answering.catch(() => null))
    if (parsed.success) return parsed.data
    throw adapterProblem.ofdControlUnavailable()
  }

  return new Elysia({ name: 'ofd_control' })
    .get('/v1/kkt/_test/ofd', () => ask({ method: 'GET' }), { response: { 200: shown, 502: problemDocument } })
    .post('/v1/kkt/_test/ofd', ({ body }) => ask({ method: 'POST', body: JSON.stringify(body) }), {
      parse: jsonBody(MAX_SWITCH_BYTES),
      body: change,
      response: { 200: shown, 400: problemDocument, 413: problemDocument, 422: problemDocument, 502: problemDocument },
    })
}
