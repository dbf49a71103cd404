/** Each fault of the OFD against the adapter: when the fault is over, the OFD has each receipt once. */
import { beforeEach, describe, expect, test } from 'bun:test'
import { someCases } from '@kkt/platform/testing.ts'
import { adapter, ofd } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { expectGrowing } from '../harness/fiscal_doc.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { deliveredFds, hurry, onHealedStack, whenFailed, whenOpen, whenSynced } from '../harness/stack_state.ts'
import { FAULTY_OFD_PACE } from '../harness/suite_pace.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack(FAULTY_OFD_PACE)

const RECEIPTS_OF_EACH = 2
const STRIKES = 2
/** More than the tills, so that at least one loses two answers in a row. Also enough to open the breaker. */
const LOST = 4

/** Two tills, and the ids of each one's receipts in order. */
async function sell() {
  const posIds = [newPosId('lab'), newPosId('lab')]
  const posts = posIds.flatMap((pos_id) =>
    Array.from({ length: RECEIPTS_OF_EACH }, () => adapter.print(receipt({ pos_id }))),
  )
  return { posIds, ids: (await Promise.all(posts)).map(({ receipt_id }) => receipt_id) }
}
type Sold = Awaited<ReturnType<typeof sell>>

/** Expects every receipt to be synced, and the ledger to hold each once, in its till's order. */
async function expectDeliveredOnce({ posIds, ids }: Sold, withinMs: number): Promise<void> {
  for (const id of ids) await whenSynced(id, withinMs)
  const ledger = await ofd.ledger()
  expect(ledger.map(({ receipt_id }) => receipt_id).toSorted()).toEqual(ids.toSorted())
  for (const posId of posIds) expectGrowing(await deliveredFds(posId))
}

/** Syncs until the breaker opens. */
const whenOpenedByHand = () =>
  eventually(
    'manual syncs to open the breaker',
    async () => {
      await adapter.sync()
      return await adapter.status()
    },
    { withinMs: limits.probedMs, until: ({ circuit_breaker }) => circuit_breaker.state === 'OPEN' },
  )

const statuses = async ({ ids }: Sold) => (await Promise.all(ids.map(adapter.receipt))).map(({ status }) => status)

/** Each strike costs one time limit of the OFD at most, and the breaker may open for it. */
const afterMs = (strikes: number) => (strikes + 1) * (limits.probedMs + limits.deliveredMs)
const afterStrikesMs = afterMs(STRIKES)

describe.skipIf(deliversByKkt)(
  'an outage until it is ended: the breaker opens, all receipts are kept, none is dead-lettered',
  () => {
    test.each(
      someCases<[string, unknown]>(
        [
          ['permanent_failure', true],
          ['unavailable', { retry_after: 1 }],
          ['too_many_requests', true],
          ['expired_token', true],
          ['hang', true],
          ['html_with_200', true],
          ['error_in_200', true],
          ['reset_before_effect', true],
          ['dribble', { seconds: 60 }],
          ['delay', { seconds: 60 }],
          ['malformed_json', { operation: 'any', effect: false }],
          ['refuse', { share: 1, status: 503 }],
        ],
        3,
      ),
    )('invariants 4 and 7: %s %j', async (fault, plan) => {
      await ofd.configure({ deduplicate: false, [fault]: plan })
      const sold = await sell()
      // Each try takes up to the OFD's time limit, or comes a second after the one before where the OFD asks for that.
      const asksForTime = ['unavailable', 'too_many_requests'].includes(fault)
      const status = await (asksForTime ? whenOpenedByHand() : whenOpen(afterStrikesMs))
      expect(status).toMatchObject({ network_status: 'offline' })
      expect(status.pending).toBeGreaterThan(0)
      expect(status.circuit_breaker.failure_count).toBeGreaterThanOrEqual(limits.breakerThreshold)
      // The breaker may be probing by now.
      const health = await eventually('health to tell of it', () => adapter.health(), {
        withinMs: afterStrikesMs,
        until: ({ components }) => components.circuit_breaker.state === 'OPEN',
      })
      expect(health.status).toBe('degraded')
      expect(await statuses(sold)).not.toContain('failed')
      // On a busy machine a call may time out before the fault strikes it. Probes add strikes.
      await eventually('the fault to strike as often as opens a breaker', () => ofd.calls({ fault }), {
        withinMs: afterStrikesMs,
        until: ({ length }) => length >= limits.breakerThreshold,
      })

      await ofd.configure({ [fault]: fault === 'permanent_failure' ? false : null })
      await expectDeliveredOnce(sold, afterStrikesMs)
      expect(await ofd.health()).toMatchObject({ duplicates: 0, out_of_order: 0 })
    })
  },
)

describe.skipIf(deliversByKkt)(
  'a few failing calls: the rest goes on, and receipts that were taken are found by a look-up',
  () => {
    test.each(
      someCases<[string, unknown, boolean, strikes?: number]>(
        [
          ['failure_count', STRIKES, false],
          ['reset_before_effect', STRIKES, false],
          ['error_in_200', STRIKES, false],
          ['reset_after_effect', STRIKES, true],
          ['fin_mid_body', STRIKES, true],
          ['malformed_json', STRIKES, true],
          ['wrong_schema', STRIKES, true],
          ['empty_200', STRIKES, true],
          ['dribble', { seconds: 60, operation: 'submit', times: STRIKES }, true],
          ['delay', { seconds: 60, operation: 'submit', times: STRIKES }, true],
          ['effect_then_silence', LOST, true, LOST],
          ['effect_then_cut', LOST, true, LOST],
          ['effect_then_error', LOST, true, LOST],
        ],
        3,
      ),
    )('invariant 4: %s %j', async (fault, plan, effect, strikes = STRIKES) => {
      await ofd.configure({ deduplicate: false, [fault]: plan })
      const sold = await sell()
      await expectDeliveredOnce(sold, afterMs(strikes))
      expect((await ofd.calls({ fault })).map((call) => call.effect)).toEqual(Array(strikes).fill(effect))
      expect(await ofd.health()).toMatchObject({ duplicates: 0, out_of_order: 0, failure_count: 0 })
    })
  },
)

describe.skipIf(deliversByKkt)('harmless conduct of an OFD', () => {
  // No answer is late, on a slow machine either.
  beforeEach(() => hurry({ ofd_timeout: limits.deliveredMs / 1000 }))

  test.each(
    someCases<[string, unknown]>(
      [
        ['wrong_content_type', true],
        ['clock_skew', -3600],
        ['slow_start', { seconds: 60, slowest: 0.05 }],
        ['delay', { seconds: 0.03, jitter: 0.02 }],
        ['effect_delay', 0.05],
        ['dribble', 0.05],
        ['conflict_on_duplicate', true],
        ['accepted_then_rejected', true],
      ],
      3,
    ),
  )('%s %j: all receipts are delivered at once, and the breaker stays closed', async (fault, plan) => {
    await ofd.configure({ [fault]: plan })
    const sold = await sell()
    await expectDeliveredOnce(sold, limits.deliveredMs)
    expect((await adapter.status()).circuit_breaker).toMatchObject({ state: 'CLOSED', failure_count: 0 })
    const struck = (await ofd.calls({ fault })).length
    expect(struck).toBe(fault === 'conflict_on_duplicate' ? 0 : sold.ids.length)
  })
})

test.skipIf(deliversByKkt)(
  'invariant 4: a lost answer and a 409 to duplicates: the look-up keeps the receipt out of the DLQ',
  async () => {
    await ofd.configure({ conflict_on_duplicate: true, reset_after_effect: STRIKES })
    const sold = await sell()
    await expectDeliveredOnce(sold, afterStrikesMs)
    expect(await ofd.calls({ fault: 'conflict_on_duplicate' })).toEqual([])
  },
)

test.skipIf(deliversByKkt)('rate_quota: receipts beyond it wait, and get through', async () => {
  await ofd.configure({ rate_quota: { per_second: 2, operation: 'submit' } })
  const sold = await sell()
  await expectDeliveredOnce(sold, afterStrikesMs)
})

test.skipIf(deliversByKkt)(
  'refuse_to_accept: the port is closed for a while, and then all receipts are delivered',
  async () => {
    await ofd.configure({ refuse_to_accept: 1 })
    const sold = await sell()
    await whenOpen()
    await expectDeliveredOnce(sold, afterStrikesMs)
    expect(await ofd.health()).toMatchObject({ duplicates: 0, call_count: sold.ids.length })
    expect(await ofd.configuration()).not.toHaveProperty('refuse_to_accept')
    expect((await ofd.counters()).by_fault).toEqual({ refuse_to_accept: 1 })
  },
)

test.skipIf(deliversByKkt)('half_open: a connection that went silent is given up and replaced', async () => {
  await ofd.configure({ half_open: 1 })
  const sold = await sell()
  await expectDeliveredOnce(sold, afterStrikesMs)
  const deaf = await ofd.calls({ fault: 'half_open' })
  expect(deaf.map(({ reply_sent }) => reply_sent)).toEqual(deaf.map((_, i) => i === 0))
})

test.skipIf(deliversByKkt)(
  'invariant 7: refuse for one till dead-letters only its receipts, and a requeue delivers each once',
  async () => {
    const posId = newPosId('lab.bad')
    await ofd.configure({ refuse: { pos_id: posId, status: 422 } })
    const { receipt_id } = await adapter.print(receipt({ pos_id: posId }))
    const sold = await sell()
    await whenFailed(receipt_id)
    await expectDeliveredOnce(sold, afterStrikesMs)
    await ofd.configure({ refuse: null })
    await adapter.requeue(receipt_id)
    await expectDeliveredOnce({ posIds: [...sold.posIds, posId], ids: [...sold.ids, receipt_id] }, limits.deliveredMs)
  },
)

test.skipIf(deliversByKkt)('a sequence of a bad day: down, silent, wrong, well again', async () => {
  await ofd.configure({
    deduplicate: false,
    sequence: [
      { unavailable: { retry_after: 0 }, calls: 2 },
      { effect_then_silence: true, calls: 1 },
      { html_with_200: true, seconds: 0.25 },
      { reset_after_effect: true, calls: 1 },
    ],
  })
  const sold = await sell()
  await expectDeliveredOnce(sold, 2 * afterStrikesMs)
  expect(await ofd.health()).toMatchObject({ duplicates: 0, out_of_order: 0 })
})
