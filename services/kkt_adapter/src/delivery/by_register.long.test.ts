/** A KKT that hands its documents to the OFD by itself, and tells which of them the OFD does not hold yet. */
import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { LONG } from '@kkt/platform/testing.ts'
import type { KktState } from '../domain/kkt.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { lastFd, pending, statusOf } from '../testing/kit.ts'
import { byRegister, FN } from '../testing/register_kit.ts'

const MINUTE_MS = 60_000
/** Far longer than the longest pause between two looks. */
const AWAY_MS = (LONG ? 12 * 60 : 60) * MINUTE_MS
const OTHER_FN = '9999000000000002'

describe('receipts of a KKT that delivers by itself', () => {
  test('invariant 7: stay pending while the OFD is away, however long, and are synced in one commit once it is back', async () => {
    const { journal, clock, delivery, register, print } = await byRegister()
    const [first, ...others] = await print(10)
    register.unsentFrom(first?.fd ?? 0, 10)
    delivery.start()
    await clock.advance(AWAY_MS)
    expect(journal.queries.counts()).toMatchObject({ pending: 10, synced: 0, failed: 0 })
    let commits = 0
    journal.onCommit(() => {
      commits += 1
    })
    register.allSent()
    await clock.advance(30_000)
    expect(journal.queries.counts()).toMatchObject({ pending: 0, synced: 10 })
    expect(commits).toBe(1)
    expect(journal.queries.find(others[0]?.id ?? noId())).toMatchObject({ ofdId: null, syncedAtMs: expect.any(Number) })
    await delivery.stop()
  })

  test('invariant 5: are synced up to the first document that is not sent, and no further', async () => {
    const { journal, delivery, register, print } = await byRegister()
    const receipts = await print(5)
    register.unsentFrom(receipts[3]?.fd ?? 0, 2)
    expect(await delivery.syncNow()).toMatchObject({
      synced: 3,
      failed: 0,
      skipped: 2,
      remaining: 2,
      ended: 'kkt_told',
    })
    expect(receipts.map(({ id }) => statusOf(journal, id))).toEqual([
      'synced',
      'synced',
      'synced',
      'pending',
      'pending',
    ])
  })

  test('a document that is made while the KKT reports is not taken for sent', async () => {
    const { journal, delivery, register, print } = await byRegister()
    const [before] = await print(1)
    let made: ReceiptId | null = null
    register.onAsk = async (told) => {
      made = await pending(journal)
      return { ...told, lastFdNumber: lastFd() }
    }
    expect(await delivery.syncNow()).toMatchObject({ synced: 1, remaining: 1 })
    expect([statusOf(journal, before?.id ?? noId()), statusOf(journal, made ?? noId())]).toEqual(['synced', 'pending'])
    expect(await delivery.syncNow()).toMatchObject({ synced: 1, remaining: 1 })
  })

  test('change nothing while the KKT is silent, or counts unsent documents without naming the first', async () => {
    const { journal, delivery, register, print } = await byRegister()
    await print(2)
    register.onAsk = async () => null
    expect(await delivery.syncNow()).toMatchObject({ synced: 0, skipped: 2, remaining: 2, ended: 'kkt_silent' })
    register.onAsk = async (told) => ({ ...told, unsent: { count: 1, firstFd: null, sinceMs: null } })
    expect(await delivery.syncNow()).toMatchObject({ synced: 0, remaining: 2, ended: 'kkt_told' })
    expect(journal.queries.counts()).toMatchObject({ pending: 2, synced: 0 })
  })

  test('beyond the last document of the FN are not held by any word', async () => {
    const { delivery, register, print } = await byRegister()
    const [first] = await print(3)
    register.onAsk = async (told) => ({ ...told, lastFdNumber: first?.fd ?? 0 })
    expect(await delivery.syncNow()).toMatchObject({ synced: 1, remaining: 2 })
  })

  test('go on after a restart, and those that were being sent over HTTP before are taken up', async () => {
    const { journal, lease, register, print, restarted } = await byRegister()
    const [first, second] = await print(2)
    await journal.write((tx) => tx.markSyncing(first?.id ?? noId()))
    register.unsentFrom(second?.fd ?? 0, 1)
    const again = restarted()
    await again.recover()
    expect(await again.syncNow()).toMatchObject({ synced: 1, remaining: 1 })
    expect(statusOf(journal, first?.id ?? noId())).toBe('synced')
    lease.isHeld = false
    register.allSent()
    expect(await restarted().syncNow()).toMatchObject({ synced: 0, remaining: 1, ended: 'not_sender' })
  })

  test('of an FN that was replaced are not told of by the next one, and an operator sees them', async () => {
    const { journal, delivery, register, print } = await byRegister()
    const [sent, left] = await print(2)
    register.unsentFrom(left?.fd ?? 0, 1)
    await delivery.syncNow()
    register.fnNumber = OTHER_FN
    register.allSent()
    // The printer has not met it yet.
    expect(await delivery.syncNow()).toMatchObject({ synced: 0, remaining: 1 })
    expect(delivery.untraced()).toBe(0)
    await journal.write((tx) => tx.meetFn(OTHER_FN, 0, false))
    const [next] = await print(1, OTHER_FN)
    expect(await delivery.syncNow()).toMatchObject({ synced: 1, remaining: 1 })
    const at = [sent, left, next].map((one) => statusOf(journal, one?.id ?? noId()))
    expect([at, delivery.untraced()]).toEqual([['synced', 'pending', 'synced'], 1])
    await journal.write((tx) => tx.meetFn(FN, 0, false))
    expect(delivery.untraced()).toBe(0)
  })
})

test('a receipt that an operator closes while its delivery is recorded stays closed, and the others are synced', async () => {
  const { journal, lease, delivery, print } = await byRegister()
  const [first, second] = await print(2)
  const write = lease.write.bind(lease)
  lease.write = async (work, since) => {
    await journal.write((tx) => tx.closeUntraced(first?.id ?? noId(), 'seen at the OFD', null))
    lease.write = write
    return await write(work, since)
  }
  expect(await delivery.syncNow()).toMatchObject({ synced: 1, remaining: 0 })
  expect([first, second].map((one) => statusOf(journal, one?.id ?? noId()))).toEqual(['closed', 'synced'])
})

test('the word of a KKT that is silent holds for half a minute', async () => {
  const { clock, delivery, register } = await byRegister()
  expect(delivery.network()).toBe('degraded')
  await delivery.syncNow()
  const { onAsk } = register
  register.onAsk = async () => null
  for (let n = 0; n < 2; n++) {
    await delivery.syncNow()
    expect(delivery.network()).toBe('online')
    await clock.advance(15_000)
  }
  expect(delivery.network()).toBe('degraded')
  register.onAsk = onAsk
  await delivery.syncNow()
  expect(delivery.network()).toBe('online')
})

describe('the KKT is asked', () => {
  test('soon after a print, then at intervals that double up to the longest', async () => {
    const { clock, delivery, register, print } = await byRegister()
    const [first] = await print(1)
    register.unsentFrom(first?.fd ?? 0, 1)
    const startedMs = clock.monotonicMs()
    delivery.start()
    await clock.advance(90_000)
    expect(register.askedMs.map((ms) => Math.round((ms - startedMs) / 1000))).toEqual([0, 2, 6, 14, 30, 60, 90])
    delivery.nudge()
    await clock.advance(3000)
    expect(register.askedMs).toHaveLength(8)
    await delivery.stop()
  })

  test('at the longest interval while nothing is pending', async () => {
    const { clock, delivery, register } = await byRegister()
    delivery.start()
    await clock.advance(65_000)
    expect(register.askedMs).toHaveLength(3)
    await delivery.stop()
  })

  test('once for two manual syncs at a time', async () => {
    const { delivery, register, print } = await byRegister()
    await print(1)
    const [one, two] = await Promise.all([delivery.syncNow(), delivery.syncNow()])
    expect([one, register.askedMs.length]).toEqual([two, 1])
  })
})

describe('the way to the OFD is', () => {
  test.each<[string, number, Partial<KktState>]>([
    ['online', 1, {}],
    ['degraded', 3, {}],
    ['offline', 20, {}],
    ['offline', 1, { fnFlags: ['ofd_silent'] }],
  ])('%s where the first unsent document is %d minutes old (%o)', async (expected, minutes, told) => {
    const { clock, delivery, register, print } = await byRegister()
    const [first] = await print(1)
    expect(delivery.network()).toBe('degraded')
    register.unsentFrom(first?.fd ?? 0, 1)
    register.onAsk = async (state) => ({ ...state, ...told })
    await delivery.syncNow()
    await clock.advance(minutes * MINUTE_MS)
    expect(delivery.network()).toBe(expected as ReturnType<typeof delivery.network>)
    register.onAsk = async (state) => state
    register.allSent()
    await delivery.syncNow()
    expect(delivery.network()).toBe('online')
  })
})

test('a journal that cannot be written is told, and tried again', async () => {
  const lines: string[] = []
  const { journal, clock, delivery, print } = await byRegister(createLogger('test', 'info', (line) => lines.push(line)))
  const [first] = await print(1)
  const { write } = journal
  journal.write = async () => {
    throw new Error('disk full')
  }
  delivery.start()
  await clock.advance(0)
  expect(lines.join('')).toContain('register_not_watched')
  journal.write = write
  await clock.advance(10_000)
  expect(statusOf(journal, first?.id ?? noId())).toBe('synced')
  await delivery.stop()
})

function noId(): never {
  throw new Error('The receipt is missing')
}
