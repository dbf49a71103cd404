import { describe, expect, test } from 'bun:test'
import { SEED, seededRandom, TestClock } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import type { ReceiptId } from './receipt.ts'
import { nextReceiptId } from './receipt_clock.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PER_MS = 4096

/** @param byte the value of all random bytes; by default each id gets lower ones than the id before */
function setUp({ last = '', clock = new TestClock(), byte }: { last?: string; clock?: TestClock; byte?: number } = {}) {
  let drawn = 0
  const randomBytes = (length: number) => new Uint8Array(length).fill(byte ?? 0xff - (drawn++ % 0x100))
  let newest = last
  const next = () => {
    const id = nextReceiptId(newest, { wallMs: clock.wallMs, randomBytes })
    newest = id
    return id
  }
  return { clock, next, take: (count: number) => Array.from({ length: count }, next) }
}

/** The milliseconds and the counter of an id. */
function reading(id: ReceiptId) {
  const hex = id.replaceAll('-', '')
  return { ms: Number.parseInt(hex.slice(0, 12), 16), counter: Number.parseInt(hex.slice(13, 16), 16) }
}

function expectAscending(ids: ReceiptId[]) {
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
}

describe('an id', () => {
  test('begins with the milliseconds of the wall clock', () => {
    const { clock, next } = setUp({ byte: 0 })
    expect(reading(next())).toEqual({ ms: clock.wallMs(), counter: 0 })
  })

  for (const byte of [0x00, 0x5a, 0xff]) {
    test(`is a UUIDv7, version and variant included, with random bytes ${byte}`, () => {
      for (const id of setUp({ byte }).take(20)) {
        expect(z.uuidv7().safeParse(id).success).toBe(true)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }
    })
  }

  test('holds 62 random bits', () => {
    const tail = (byte: number) => setUp({ byte }).next().slice(19).replaceAll('-', '')
    expect(BigInt(`0x${tail(0xff)}`) - BigInt(`0x${tail(0)}`)).toBe(2n ** 62n - 1n)
  })
})

describe('invariant 8: ids sort as they were minted', () => {
  test('within one millisecond, whatever the random part', () => {
    const ids = setUp().take(300)
    expectAscending(ids)
    expect(reading(ids[299] ?? ('' as ReceiptId)).counter).toBe(299)
  })

  test('when the counter of a millisecond is full', () => {
    const { clock, take } = setUp()
    const ids = take(PER_MS + 2)
    expectAscending(ids)
    expect(ids.slice(-3).map(reading)).toEqual([
      { ms: clock.wallMs(), counter: PER_MS - 1 },
      { ms: clock.wallMs() + 1, counter: 0 },
      { ms: clock.wallMs() + 1, counter: 1 },
    ])
  })

  test('when the wall clock is set back an hour, until it has caught up and after', () => {
    const { clock, take } = setUp()
    const ids = take(3)
    const reachedMs = clock.wallMs()
    clock.setWallBy(-HOUR_MS)
    ids.push(...take(3))
    clock.setWallBy(HOUR_MS)
    ids.push(...take(3))
    expect(ids.map((id) => reading(id).ms)).toEqual(Array(9).fill(reachedMs))
    clock.setWallBy(1)
    ids.push(...take(1))
    expect(ids.slice(-1).map(reading)).toEqual([{ ms: reachedMs + 1, counter: 0 }])
    expectAscending(ids)
  })

  test('when the wall clock is set forward a day and back again', () => {
    const { clock, take } = setUp()
    const ids = take(3)
    clock.setWallBy(DAY_MS)
    ids.push(...take(3))
    const reachedMs = clock.wallMs()
    clock.setWallBy(-DAY_MS)
    ids.push(...take(3))
    expectAscending(ids)
    expect(ids.slice(-1).map(reading)).toEqual([{ ms: reachedMs, counter: 5 }])
  })

  test('across a restart, with the clock where it was, behind and ahead', () => {
    for (const byMs of [0, -HOUR_MS, HOUR_MS]) {
      const before = setUp()
      const ids = before.take(PER_MS)
      before.clock.setWallBy(byMs)
      const after = setUp({ last: ids.at(-1) ?? '', clock: before.clock, byte: 0 })
      expectAscending([...ids, ...after.take(5)])
    }
  })

  test(`whatever the wall clock does (SEED=${SEED})`, () => {
    const random = seededRandom()
    let { clock, next } = setUp()
    const ids: ReceiptId[] = []
    for (let turn = 0; turn < 3000; turn++) {
      ids.push(next())
      const what = random(20)
      if (what === 0) clock.setWallBy(random(2 * HOUR_MS) - HOUR_MS)
      if (what === 1) clock.setWallBy(1)
      if (what === 2) ({ clock, next } = setUp({ last: ids.at(-1) ?? '', clock }))
    }
    expectAscending(ids)
  })
})
