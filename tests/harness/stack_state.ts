import { beforeEach, setDefaultTimeout } from 'bun:test'
import { adapter, kkt, odoo, ofd } from './clients.ts'
import { eventually } from './eventually.ts'
import { limits } from './limits.ts'
import { newPosId, receipt } from './receipts.ts'
import { PACE_TTL_SECONDS, SUITE_PACE } from './suite_pace.ts'
import type { Pace } from './wire_kkt.ts'

/**
 * Lets each test of a file begin on a stack that works and is at rest. A file that drives the stack calls this once.
 * @param pace intervals that this file needs to be other than usual
 */
export function onHealedStack(pace: Partial<Pace> = {}): void {
  setDefaultTimeout(limits.testMs)
  beforeEach(() => heal({ ...SUITE_PACE, ...pace }))
}

/** Changes the adapter's pace for the rest of a test. Intervals that are not named stay. */
export const hurry = (pace: Partial<Pace>) => kkt.hurry(pace, PACE_TTL_SECONDS)

/**
 * Ends all faults, speeds the adapter up, empties its buffer and its DLQ, resets the mocks' counters, and has the OFD judge
 * strictly. Earlier receipts stay in the adapter's journal, so tests go by ids and differences.
 */
async function heal(pace: Pace): Promise<void> {
  await Promise.all([ofd.reset(), odoo.reset(), kkt.reset().then(() => hurry(pace))])
  // A manual sync ends the row of refusals that an earlier test has left.
  await adapter.sync()
  await eventually('the adapter to be at rest', toRest, {
    withinMs: limits.healedMs,
    until: (seen) => seen === true,
  })
  await ofd.reset()
  // Each suite tests the documents, too: one that the law forbids is refused, and its receipt becomes a dead letter.
  await ofd.configure({ judge: 'strict' })
}

async function toRest(): Promise<true | object> {
  const [status, { components }] = await Promise.all([adapter.status(), adapter.health()])
  const { unprinted, without_paper, pending, failed, circuit_breaker: breaker } = status
  const isEmpty = unprinted === 0 && without_paper === 0 && pending === 0 && failed === 0
  if (isEmpty && breaker.state === 'CLOSED' && breaker.failure_count === 0) {
    return components.odoo.state === 'offline' ? { odoo: components.odoo } : true
  }
  if (failed > 0) await adapter.requeueAll({})
  // Only a delivery closes the breaker.
  if (isEmpty) await adapter.print(receipt({ pos_id: newPosId('heal') }))
  await adapter.sync()
  return { unprinted, without_paper, pending, failed, breaker }
}

const whenItIs =
  (wanted: 'synced' | 'failed') =>
  (id: string, withinMs = limits.deliveredMs) =>
    eventually(`receipt ${id} to be ${wanted}`, () => adapter.receipt(id), {
      withinMs,
      until: ({ status }) => status === wanted,
    })

/** Waits until the adapter has the receipt as delivered. */
export const whenSynced = whenItIs('synced')
/** Waits until the receipt is in the DLQ. */
export const whenFailed = whenItIs('failed')

type Status = Awaited<ReturnType<typeof adapter.status>>

/** Waits for a status of the buffer. @param what completes the sentence "waited for …" */
export const whenStatus = (what: string, until: (status: Status) => boolean, withinMs: number): Promise<Status> =>
  eventually(what, adapter.status, { withinMs, until })

/** Waits until the breaker opens. @returns the buffer's status at that moment */
export const whenOpen = (withinMs = limits.probedMs) =>
  whenStatus('the breaker to open', ({ circuit_breaker }) => circuit_breaker.state === 'OPEN', withinMs)

/**
 * Waits until a probe fails and the breaker opens again.
 * @param openedAt when the breaker opened before, as the buffer's status has it
 */
export const whenReopened = (openedAt: string | null) =>
  whenStatus(
    'a probe to fail and open the breaker again',
    ({ circuit_breaker: { state, opened_at } }) => state === 'OPEN' && opened_at !== openedAt,
    limits.probedMs,
  )

/**
 * Opens an open breaker again by a manual sync, whose probe the OFD must fail. This gives a test a whole time-out before the
 * breaker probes by itself.
 */
export async function whenJustOpened() {
  const { circuit_breaker: before } = await whenOpen()
  await adapter.sync()
  return await whenReopened(before.opened_at)
}

/** The FD numbers that the OFD holds of one point of sale, in the order in which they came. */
export const deliveredFds = async (posId: string): Promise<number[]> =>
  (await ofd.ledger({ pos_id: posId })).map(({ fiscal_doc_number }) => fiscal_doc_number)
