import { beforeEach, setDefaultTimeout } from 'bun:test'
import { z } from 'zod'
import { adapter, kkt, odoo, ofd, register } from './clients.ts'
import { eventually } from './eventually.ts'
import { expectBody } from './http.ts'
import { limits } from './limits.ts'
import { newPosId, receipt } from './receipts.ts'
import { PACE_TTL_SECONDS, SUITE_PACE } from './suite_pace.ts'
import { deliversByKkt, sellsOnRegister } from './under_test.ts'
import { receiptList } from './wire.ts'
import type { DocumentContent } from './wire_content.ts'
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
  const ofKkt = sellsOnRegister ? undefined : kkt.reset()
  await Promise.all([ofd.reset(), odoo.reset(), Promise.resolve(ofKkt).then(() => hurry(pace)), resetRegister()])
  // A manual sync ends the row of refusals that an earlier test has left.
  await adapter.sync()
  if (deliversByKkt) await endUntraced()
  if (sellsOnRegister) await endUntold()
  await eventually('the adapter to be at rest', toRest, {
    withinMs: limits.healedMs,
    until: (seen) => seen === true,
  })
  await ofd.reset()
  // Each suite tests the documents, too: one that the law forbids is refused, and its receipt becomes a dead letter.
  await ofd.configure({ judge: 'strict' })
}

/** A test that failed may have left its service away for a while. */
const resetRegister = () =>
  register &&
  eventually('the register to be back', () => register?.reset().catch((error: unknown) => ({ error })), {
    withinMs: limits.healedMs,
    until: (answer) => answer !== undefined && 'status' in answer,
  })

/** Ends receipts whose outcome the register cannot tell. Their test is over, so they are printed again. */
async function endUntold(): Promise<void> {
  if ((await adapter.status()).untold === 0) return
  const list = expectBody(await adapter.get('/v1/kkt/receipts?untold=true'), 200, receiptList)
  for (const { receipt_id } of list.receipts) {
    await adapter.post(`/v1/kkt/receipt/${receipt_id}/settle`, { printed: false })
  }
}

/** A document that a person told of has its numbers alone. */
const listedFns = z.object({ receipts: z.array(z.object({ fiscal_doc: z.object({ fn_number: z.string() }) })) })

/** An FN that a test took out told nothing more of its receipts. */
async function endUntraced(): Promise<void> {
  if ((await adapter.status()).untraced === 0) return
  const list = expectBody(await adapter.get('/v1/kkt/receipts?status=pending&limit=100'), 200, listedFns)
  const { fn_number: now } = (await adapter.health()).components.kkt
  for (const fn_number of new Set(list.receipts.map(({ fiscal_doc }) => fiscal_doc.fn_number))) {
    if (fn_number === now) continue
    await adapter.post('/v1/kkt/buffer/untraced/close', { fn_number, reason: 'a test took the FN out' })
  }
}

async function toRest(): Promise<true | object> {
  const [status, { components }] = await Promise.all([adapter.status(), adapter.health()])
  const { unprinted, without_paper, pending, failed, circuit_breaker: breaker } = status
  const isEmpty = unprinted === 0 && without_paper === 0 && pending === 0 && failed === 0
  const sends = breaker.state === 'CLOSED' || breaker.state === 'ABSENT'
  if (isEmpty && sends && breaker.failure_count === 0) {
    return components.odoo.state === 'offline' ? { odoo: components.odoo } : await registerToRest(components.kkt)
  }
  if (failed > 0) await adapter.requeueAll({})
  // Only a delivery closes the breaker.
  if (isEmpty) await adapter.print(receipt({ pos_id: newPosId('heal') }))
  await adapter.sync()
  return { unprinted, without_paper, pending, failed, breaker }
}

/** A register sends openings and closings, too, and tests count what the OFD gets from it. */
async function registerToRest(kkt: Health['components']['kkt']): Promise<true | object> {
  if (!deliversByKkt) return true
  if (kkt.shift_state === 'closed') await adapter.post('/v1/kkt/shift/open', {})
  return (kkt.shift_state === 'opened' && kkt.unsent_count === 0) || kkt
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

type Health = Awaited<ReturnType<typeof adapter.health>>
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

/** A receipt at the OFD, sent by the adapter or by a register. `receipt_id`: the adapter's. */
type Held = Pick<LedgerRow, 'receipt_id' | 'fiscal_doc_number'> & {
  document: Pick<LedgerRow['document'], keyof DocumentContent | 'fiscal_doc'>
}
type LedgerRow = Awaited<ReturnType<typeof ofd.ledger>>[number]

/** The receipts of one point of sale that the OFD holds, in the order in which they came. */
export const deliveredOf = (posId: string): Promise<Held[]> =>
  deliversByKkt ? deliveredByRegister(posId) : ofd.ledger({ pos_id: posId })

/** A register knows no tills: the journal tells whose its documents are. */
async function deliveredByRegister(posId: string): Promise<Held[]> {
  const { receipts } = await adapter.receipts({ pos_id: posId, limit: 100 })
  const idOf = new Map(
    receipts.map(({ fiscal_doc: doc, receipt_id }) => [`${doc?.fn_number}/${doc?.fiscal_doc_number}`, receipt_id]),
  )
  return (await ofd.documents()).flatMap(({ receipt_id: name, fiscal_doc_number, document }) => {
    const receipt_id = idOf.get(name)
    return receipt_id === undefined ? [] : [{ receipt_id, fiscal_doc_number, document }]
  })
}

/** The FD numbers that the OFD holds of one point of sale, in the order in which they came. */
export const deliveredFds = async (posId: string): Promise<number[]> =>
  (await deliveredOf(posId)).map(({ fiscal_doc_number }) => fiscal_doc_number)
