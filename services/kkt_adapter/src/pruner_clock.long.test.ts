import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { createPruner } from './pruner.ts'
import { content, freshKey, quiet } from './testing/kit.ts'
import { DAY_MS, DAYS, HOUR_MS, KEPT_DAYS, pruning } from './testing/pruning.ts'

describe('invariant 2: a wall clock that is wrong takes no key away that is needed', () => {
  /** Delivers a receipt under a key. @returns a function that sends the same key and body again */
  async function delivered({ journal, bring }: ReturnType<typeof pruning>) {
    const key = freshKey()
    const accept = () => journal.write((tx) => tx.accept({ key, content: content() }))
    const first = await accept()
    if (first.kind !== 'accepted') throw new Error(first.kind)
    await bring(first.receipt.id, 'synced')
    return async () => (await accept()).kind
  }
  /** As after a restart of the adapter. */
  const again = (parts: ReturnType<typeof pruning>, { isHolder = true, retentionDays = DAYS } = {}) =>
    createPruner({ ...parts, logger: quiet, retentionDays, refundsKeptDays: KEPT_DAYS, isHolder: () => isHolder })

  test('nor does one that is right and far ahead of what is kept, until there was time to see it', async () => {
    const parts = pruning()
    const { clock, journal } = parts
    await parts.pruner.runOnce()
    const ask = await delivered(parts)
    clock.setWallBy(30 * DAY_MS)
    await again(parts).runOnce()
    expect(await ask()).toBe('known')
    const pruner = again(parts)
    await clock.advance(DAY_MS)
    await pruner.runOnce()
    expect(journal.queries.counts()).toMatchObject({ synced: 0 })
  })

  test.each([8, 400])('%p days ahead for three hours, with restarts', async (days) => {
    const parts = pruning()
    const { clock } = parts
    parts.pruner.start()
    await settle()
    const ask = await delivered(parts)
    clock.setWallBy(days * DAY_MS)
    await clock.advance(3 * HOUR_MS)
    await parts.pruner.stop()
    for (let start = 0; start < 20; start++) await again(parts).runOnce()
    clock.setWallBy(-days * DAY_MS)
    await again(parts).runOnce()
    expect(await ask()).toBe('known')
  })

  test('8 days ahead for three hours, after a week at work', async () => {
    const parts = pruning()
    const { clock, pruner } = parts
    pruner.start()
    await clock.advance(DAYS * DAY_MS)
    const ask = await delivered(parts)
    clock.setWallBy(8 * DAY_MS)
    await clock.advance(3 * HOUR_MS)
    await pruner.stop()
    expect(await ask()).toBe('known')
  })

  test('8 days ahead for three hours, and others stand by on the buffer', async () => {
    const parts = pruning()
    const { clock } = parts
    const pruners = [parts.pruner, ...Array.from({ length: 8 }, () => again(parts, { isHolder: false }))]
    for (const pruner of pruners) pruner.start()
    await clock.advance(HOUR_MS)
    const ask = await delivered(parts)
    clock.setWallBy(8 * DAY_MS)
    await clock.advance(3 * HOUR_MS)
    for (const pruner of pruners) await pruner.stop()
    expect(await ask()).toBe('known')
  })

  test.each([8, 30])('%p days behind while it is sold', async (days) => {
    const parts = pruning()
    const { clock, pruner, kept } = parts
    await parts.reach('synced')
    await pruner.runOnce()
    clock.setWallBy(-days * DAY_MS)
    const ask = await delivered(parts)
    clock.setWallBy(days * DAY_MS)
    for (let day = 0; day < DAYS; day++) {
      await pruner.runOnce()
      expect(await ask()).toBe('known')
      await clock.advance(DAY_MS)
    }
    await clock.advance(1)
    await pruner.runOnce()
    expect(kept()).toBe(0)
  })

  describe('and does not keep for long what is not needed:', () => {
    /** Sells and delivers a receipt a day, with an hour of work a day. @returns how many are kept at the end */
    async function days(count: number, parts: ReturnType<typeof pruning>) {
      for (let day = 0; day < count; day++) {
        await delivered(parts)
        const pruner = again(parts)
        pruner.start()
        await parts.clock.advance(DAY_MS)
        await pruner.stop()
      }
      return parts.kept()
    }

    test('a start in 1970', async () => {
      const parts = pruning()
      const { clock, pruner } = parts
      await pruner.runOnce()
      clock.setWallBy(-56 * 365 * DAY_MS)
      await again(parts).runOnce()
      clock.setWallBy(56 * 365 * DAY_MS)
      expect(await days(20, parts)).toBeLessThan(DAYS + 2)
    })

    test('a new buffer in 1970, that is sold from then', async () => {
      const parts = pruning()
      const { clock, pruner } = parts
      clock.setWallBy(-56 * 365 * DAY_MS)
      await pruner.runOnce()
      const ask = await delivered(parts)
      clock.setWallBy(56 * 365 * DAY_MS)
      await again(parts).runOnce()
      expect(await ask()).toBe('known')
      expect(await days(20, parts)).toBeLessThan(DAYS + 2)
    })

    test('a start with years to keep', async () => {
      const parts = pruning()
      await parts.pruner.runOnce()
      await again(parts, { retentionDays: 3650 }).runOnce()
      expect(await days(20, parts)).toBeLessThan(DAYS + 2)
    })

    test('an adapter that is stopped before it looks again', async () => {
      const parts = pruning()
      const { clock, kept } = parts
      await delivered(parts)
      for (let start = 0; start < 1.2 * DAYS * 24; start++) {
        const pruner = again(parts)
        pruner.start()
        await clock.advance(HOUR_MS - 1)
        await pruner.stop()
      }
      expect(kept()).toBe(0)
    })
  })

  test('a buffer of before, opened while the clock is 8 days ahead', async () => {
    const parts = pruning()
    const { clock, db } = parts
    const ask = await delivered(parts)
    db.exec('UPDATE totals SET kept_from_ms = NULL')
    clock.setWallBy(8 * DAY_MS)
    await again(parts).runOnce()
    expect(await ask()).toBe('known')
  })

  test('what came after a clock that was 400 days ahead goes when its time has come, whatever its id is dated', async () => {
    const parts = pruning()
    const { clock, pruner, kept } = parts
    clock.setWallBy(400 * DAY_MS)
    await delivered(parts)
    clock.setWallBy(-400 * DAY_MS)
    await delivered(parts)
    await clock.advance(DAYS * DAY_MS)
    await pruner.runOnce()
    expect(kept()).toBe(2)
    await clock.advance(1)
    await pruner.runOnce()
    expect(kept()).toBe(1)
  })

  test('what was delivered while the clock was ahead goes, too, when its time has come', async () => {
    const parts = pruning()
    const { clock, pruner, kept } = parts
    clock.setWallBy(8 * DAY_MS)
    await delivered(parts)
    clock.setWallBy(-8 * DAY_MS)
    await clock.advance((8 + DAYS) * DAY_MS)
    await pruner.runOnce()
    expect(kept()).toBe(1)
    await clock.advance(1)
    await pruner.runOnce()
    expect(kept()).toBe(0)
  })
})
