/** A shop's day from its opening to its closing, with all that goes wrong in one. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { SEED, seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import { type Body, PAYMENT_TYPES } from '../../harness/wire_content.ts'
import { checkLiveness, mend } from '../checks/liveness.ts'
import type { ShiftBooks } from './books.ts'
import { closedShifts, faultsIn, filedIn } from './documents.ts'
import { killSoon } from './kills.ts'
import { Shop } from './shop.ts'

const RECEIPTS = 200
const NOON = RECEIPTS / 2
/** The clock is found to be an hour ahead after so many receipts, and set right after some more. */
const CLOCK_GOES_WRONG = 150
const CLOCK_IS_SET_RIGHT = 155
const HOURS = 10

/** Some seconds of work, on a busy machine. */
setDefaultTimeout(600_000)

const draw = seededRandom(SEED)
const shop = new Shop({}, true)
const done = { kind: 'done' } as const

/** An hour passes with each tenth part of the day. */
const goesOn = (i: number) => (i % (RECEIPTS / HOURS) === 0 ? shop.goesOn(1) : Promise.resolve())

/** No more comes out of the drawer than is in it. */
async function takeOut(roubles: number): Promise<void> {
  const isThere = roubles * 100 <= shop.books.drawer
  expect(await shop.moveCash('out', roubles)).toEqual(isThere ? done : { kind: 'refused', code: 'drawer_too_low' })
}

beforeAll(async () => {
  const { rig } = shop.world
  await shop.opens()
  expect(await shop.report('/shift/open')).toEqual(done)
  expect(await shop.report('/shift/open')).toEqual({ kind: 'refused', code: 'shift_open' })
  expect(await shop.moveCash('in', 100_000)).toEqual(done)
  for (let i = 0; i < RECEIPTS; i++) {
    await goesOn(i)
    if (draw(8) === 0) killSoon(shop, draw)
    if (i === NOON) await shop.replacesFn()
    if (i === CLOCK_GOES_WRONG) rig.kkt.faults.configure({ clock_ahead_seconds: 3600 })
    if (i === CLOCK_IS_SET_RIGHT) {
      rig.kkt.faults.configure({ clock_ahead_seconds: 0 })
      await shop.rests(1)
    }
    await shop.sell(() => anyReceipt(`till-${draw(3)}`, draw))
    if (draw(20) === 0) await shop.giveBack()
    if (draw(20) === 0) await takeOut(1 + draw(500))
  }
  expect(await shop.report('/x_report')).toEqual(done)
  expect(await shop.report('/shift/close')).toEqual(done)
  expect(await shop.report('/z_report')).toEqual({ kind: 'refused', code: 'shift_closed' })
})

describe(`a shop's day with ${RECEIPTS} receipts, kills, another FN at noon, and a clock an hour off (SEED=${SEED})`, () => {
  test('has every operation, every way of paying, refunds, corrections, and kills', () => {
    const all = [...shop.books.shifts.values()]
    const sums = (of: (books: ShiftBooks) => number) => all.reduce((sum, books) => sum + of(books), 0)
    for (const way of PAYMENT_TYPES) expect(sums(({ sale }) => sale.payments[way])).toBeGreaterThan(0)
    for (const type of ['sale', 'refund', 'buy', 'buy_refund'] as const satisfies Body['type'][])
      expect(sums((books) => books[type].count)).toBeGreaterThan(0)
    expect(sums(({ corrections }) => corrections.count)).toBeGreaterThan(0)
    expect(sums(({ cash_out }) => cash_out.count)).toBeGreaterThan(0)
    expect([...shop.world.findings.counts.keys()].filter((name) => name.startsWith('crashes'))).not.toEqual([])
  })

  test('its totals are those of the shop, to the kopeck, in each shift and in the drawer', async () => {
    const closed = await closedShifts(shop)
    const now = await shop.shiftNow()
    expect(Math.round(now.drawer * 100)).toBe(shop.books.drawer)
    expect(now.state).toBe('closed')
    for (const [name, totals] of closed) expect({ name, totals }).toEqual({ name, totals: shop.books.shift(name) })
    // The FN that was taken out at noon was taken out with its shift open.
    expect(closed.size).toBe(shop.books.shifts.size - 1)
  })

  test('invariant 14: its documents of all kinds have no gap in either FN, and each shift is closed once', () => {
    const filed = filedIn(shop.world)
    expect(new Set(filed.map(({ fn_number }) => fn_number)).size).toBe(2)
    expect(faultsIn(filed)).toEqual([])
    expect(filed.filter(({ kind }) => kind === 'shift_closing')).toHaveLength(1)
  })

  test('all of it reaches the OFD, the old FN’s before the new one’s, and nothing breaks an invariant', async () => {
    await mend(shop.world)
    await checkLiveness(shop.world)
    const { findings } = shop.world
    expect(
      findings.violations.length === 0 ? [] : [...findings.violations, ...(findings.story ?? []).slice(-100)],
    ).toEqual([])
  })
})
