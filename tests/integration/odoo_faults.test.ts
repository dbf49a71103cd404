/** Odoo has the same fault kit as the OFD, and its faults strike the heartbeat. */
import { beforeEach, expect, test } from 'bun:test'
import { adapter, odoo } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { limits } from '../harness/limits.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

/** Enough for three failures or two successes in a row, and one heartbeat that may be under way. */
const FLIP_HEARTBEATS = 4

const whenHeardAs = (wanted: string) =>
  eventually(`Odoo to be ${wanted}`, async () => (await adapter.health()).components.odoo.state, {
    withinMs: limits.heartbeatsMs(FLIP_HEARTBEATS),
    until: (state) => state === wanted,
  })

beforeEach(async () => {
  await whenHeardAs('online')
})

test.each<[string, unknown, boolean]>([
  ['unavailable', true, false],
  ['expired_token', true, false],
  ['html_with_200', true, false],
  ['reset_before_effect', true, false],
  ['wrong_schema', true, true],
  ['effect_then_error', true, true],
  ['fin_mid_body', true, true],
])('%s makes Odoo offline, and the log says whether the heartbeat was taken', async (fault, plan, effect) => {
  await odoo.configure({ [fault]: plan })
  await whenHeardAs('offline')
  const struck = await odoo.calls({ fault })
  expect(struck.length).toBeGreaterThanOrEqual(3)
  expect(struck.every((call) => call.effect === effect)).toBe(true)
  await odoo.configure({ [fault]: null })
  await whenHeardAs('online')
})
