import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { KKT_FAULTS, kktFaults, kktFaultsChange } from '../device/faults.ts'
import type { MockKkt } from './mock_kkt.ts'
import { mockKktMemory } from './mock_kkt_memory.ts'

/** A configuration has only a few fields. */
export const MAX_CONFIG_BYTES = 64 * 1024

const faultsAnswer = z.object({
  faults: z
    .array(
      z.object({
        name: z.string().meta({ description: 'Its field in the configuration' }),
        summary: z.string().meta({ description: 'What happens' }),
        takes: z.record(z.string(), z.unknown()).meta({ description: 'The JSON schema of its value' }),
        example: z.record(z.string(), z.unknown()).meta({ description: 'A configuration that puts it on' }),
        off: z.union([z.boolean(), z.number(), z.null()]).meta({ description: 'The value that ends it' }),
      }),
    )
    .meta({ description: 'All of them' }),
})

/** The test control of the mock KKT: its faults, its FN and its tasks. */
export const mockKktControl = (
  { faults, ...memory }: Pick<MockKkt, 'faults' | 'documentsOf' | 'tasks' | 'replaceFn'>,
  onReset: () => void,
) =>
  new Elysia({ name: 'kkt_control', prefix: '/v1/kkt/_test' })
    .get('/config', () => faults.current(), { response: { 200: kktFaults } })
    .post('/config', ({ body }) => faults.configure(body), {
      parse: jsonBody(MAX_CONFIG_BYTES),
      body: kktFaultsChange,
      response: { 200: kktFaults, 400: problemDocument, 413: problemDocument, 422: problemDocument },
    })
    .post(
      '/reset',
      () => {
        faults.reset()
        onReset()
        return { status: 'reset' as const }
      },
      {
        parse: 'none',
        response: {
          200: z.object({
            status: z.literal('reset').meta({ description: 'The faults have ended, and the usual pace holds' }),
          }),
        },
      },
    )
    .get('/faults', () => ({ faults: KKT_FAULTS }), { response: { 200: faultsAnswer } })
    .use(mockKktMemory(memory))
