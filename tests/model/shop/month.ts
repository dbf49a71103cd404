import { seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import { checkLiveness, mend } from '../checks/liveness.ts'
import { killSoon } from './kills.ts'
import { Shop } from './shop.ts'

export const DAYS = 40
/**
 * The OFD is away on these days, the first included, which is 31 days. An FN signs for 30 days after its first document that is
 * not confirmed.
 */
const OFD_AWAY = { from: 3, through: 34 }
const FN_REPLACED_ON = 37
/** In the evening of these days nobody closes the shift, and the adapter does so the next morning. */
const isForgotten = (day: number) => day % 5 === 1
/** In the evening of these days the power goes. It comes back when the shift has been open for too long. */
const isPowerCut = (day: number) => day % 7 === 2

/** The world begins at 15:00 by the KKT's clock, and each day at 9:00. */
const FIRST_NIGHT_HOURS = 18
const DAY_HOURS = 24
const OPEN_HOURS = 10

type Draw = (limit: number) => number

/**
 * The ends of a day's receipts. `waiting`: journaled, and printed on another day. `turnedAway`: the KKT signs nothing, so none was
 * journaled.
 */
type Sales = { sold: number; waiting: number; refused: number; turnedAway: number }

/** A day as it ended, by its tills' words. */
export type Day = Sales & {
  day: number
  /** The extraordinary events of the day. */
  what: string
  closedBy: 'a person' | 'the adapter'
  drawerKopecks: number
  /** Documents that the OFD has not confirmed, by the register. Null: it was not asked. */
  unsent: number | null
}

/** The day's receipts, over its hours. */
async function sellAll(shop: Shop, count: number, draw: Draw): Promise<Sales> {
  const kinds: string[] = []
  for (let i = 0; i < count; i++) {
    await shop.goesOn(OPEN_HOURS / count)
    if (draw(4) === 0) killSoon(shop, draw)
    const outcome = await shop.sell(() => anyReceipt(`till-${draw(3)}`, draw))
    kinds.push(outcome.kind === 'refused' ? outcome.code : outcome.kind)
  }
  const countOf = (kind: string) => kinds.filter((one) => one === kind).length
  return {
    sold: countOf('done'),
    waiting: countOf('waits'),
    refused: countOf('kkt_refused'),
    turnedAway: countOf('kkt_unfit'),
  }
}

/** Has the morning of a day bring its troubles. @returns them in words */
async function befalls(shop: Shop, day: number): Promise<string[]> {
  const { world } = shop
  const what: string[] = []
  if (day === OFD_AWAY.from) world.ofd.fault = { name: 'unreachable', on: 'all', left: Number.POSITIVE_INFINITY }
  if (day === OFD_AWAY.through + 1) world.ofd.heal()
  if (day >= OFD_AWAY.from && day <= OFD_AWAY.through) what.push('OFD away')
  if (day === FN_REPLACED_ON) {
    await shop.replacesFn()
    what.push('FN replaced')
  }
  return what
}

/** Has the shift closed, by whom it is the turn of. */
async function closes(shop: Shop, day: number): Promise<Day['closedBy']> {
  const [node] = shop.world.nodes
  const restOfTheDay = DAY_HOURS - OPEN_HOURS
  if (isPowerCut(day)) {
    node?.crash()
    await shop.rests(restOfTheDay)
    return 'the adapter'
  }
  if (isForgotten(day)) {
    await shop.rests(restOfTheDay)
    return 'the adapter'
  }
  if ((await shop.shiftNow()).state !== 'closed') await shop.report('/shift/close')
  await shop.rests(restOfTheDay)
  return 'a person'
}

async function runDay(
  shop: Shop,
  day: number,
  { draw, receiptsADay }: { draw: Draw; receiptsADay: number },
): Promise<Day> {
  const what = await befalls(shop, day)
  const sales = await sellAll(shop, receiptsADay, draw)
  if (sales.sold > 0) {
    await shop.moveCash('in', 10_000)
    await shop.moveCash('out', 1 + draw(100))
    await shop.report('/x_report')
  }
  const unsent = await shop.unsent()
  const closedBy = await closes(shop, day)
  if (isPowerCut(day)) what.push('power cut at night')
  await shop.asksForTheRest()
  return { day, what: what.join(', '), ...sales, closedBy, drawerKopecks: shop.books.drawer, unsent }
}

/** Runs a shop for 40 days. @throws Error where an answer does not come */
export async function runMonth(seed: number, receiptsADay: number): Promise<{ shop: Shop; days: Day[] }> {
  const draw = seededRandom(seed)
  const shop = new Shop()
  await shop.opens()
  await shop.rests(FIRST_NIGHT_HOURS)
  const days: Day[] = []
  for (let day = 1; day <= DAYS; day++) days.push(await runDay(shop, day, { draw, receiptsADay }))
  await mend(shop.world)
  await checkLiveness(shop.world)
  return { shop, days }
}

const HEADINGS = ['day', 'sold', 'waiting', 'turned away', 'refused', 'drawer', 'unsent', 'closed by', '']
const WIDTHS = [3, 4, 7, 11, 7, 14, 6, 11, 0]

/** The days as a table, the drawer in roubles. */
export function monthTable(days: readonly Day[]): string {
  const rows = days.map((day) => [
    ...[day.day, day.sold, day.waiting, day.turnedAway, day.refused],
    ...[(day.drawerKopecks / 100).toFixed(2), day.unsent, day.closedBy, day.what],
  ])
  return [HEADINGS, ...rows]
    .map((row) => row.map((cell, i) => String(cell).padStart(WIDTHS[i] ?? 0)).join('  '))
    .join('\n')
}
