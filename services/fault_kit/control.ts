import { jsonBody } from '@kkt/platform/json_body.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { documented } from './document.ts'
import type { FaultKit } from './kit.ts'
import { saving } from './saving.ts'
import { seeing } from './seeing.ts'

/** A configuration has only a few fields. */
export const MAX_CONFIG_BYTES = 64 * 1024

/** The control side of a mock, for tests: routes to set its faults and to see the results. */
export function testControl(kit: FaultKit, prefix: string) {
  return new Elysia({ prefix })
    .get('/config', () => kit.faults.shown())
    .post(
      '/config',
      ({ body }) => {
        kit.faults.configure(body)
        return kit.faults.shown()
      },
      { parse: jsonBody(MAX_CONFIG_BYTES), body: kit.faults.change },
    )
    .post(
      '/reset',
      () => {
        kit.reset()
        return { status: 'reset' as const }
      },
      {
        parse: 'none',
        response: {
          200: z.object({
            status: z.literal('reset').meta({ description: 'All faults have ended, and all calls are forgotten' }),
          }),
        },
      },
    )
    .get('/faults', () => ({ faults: kit.faults.catalogue.map(documented) }))
    .use(seeing(kit))
    .use(saving(kit))
}
