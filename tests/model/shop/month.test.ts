/** A shop's forty days in simulated time. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { closedShifts, faultsIn, filedIn } from './documents.ts'
import { DAYS, type Day, runMonth } from './month.ts'
import type { Shop } from './shop.ts'

const RECEIPTS_A_DAY = 5
/** Some seconds of work, on a busy machine. */
setDefaultTimeout(600_000)

let shop: Shop
let days: Day[]

beforeAll(async () => {
  if (!LONG) return
  ;({ shop, days } = await runMonth(SEED, RECEIPTS_A_DAY))
})

// `make model` runs them with more receipts.
describe.skipIf(!LONG)(`${DAYS} days of a shop (SEED=${SEED})`, () => {
  test('end with the totals of the shop in each shift and in the drawer, to the kopeck', async () => {
    const closed = await closedShifts(shop)
    for (const [name, totals] of closed) expect({ name, totals }).toEqual({ name, totals: shop.books.shift(name) })
    expect(Math.round((await shop.shiftNow()).drawer * 100)).toBe(shop.books.drawer)
  })

  test('invariant 14: have each shift closed once, and no gap in the documents of any FN', () => {
    expect(faultsIn(filedIn(shop.world))).toEqual([])
  })

  test('have an FN that signs nothing after 30 days without the OFD, and signs again once the OFD is back', async () => {
    const stopped = days.filter(({ turnedAway, waiting }) => turnedAway + waiting > 0).map(({ day }) => day)
    expect(stopped).toEqual([33, 34, 35])
    expect(await shop.unsent()).toBe(0)
  })

  test('break no invariant', () => {
    expect(shop.world.findings.violations).toEqual([])
  })
})
