import { expect, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { type DeliveryWay, nextBy, STATUSES, type Status, standing } from './state.ts'

const WAYS: DeliveryWay[] = ['http', 'kkt']
const ROUNDS = LONG ? 2000 : 500

/** A random way of a receipt by the table, from its beginning. */
function walk(by: DeliveryWay, draw: (limit: number) => number): Status[] {
  const way: Status[] = ['accepted']
  for (let step = 0; step < 30; step += 1) {
    const next = nextBy(by, way.at(-1) ?? 'accepted')
    const to = next[draw(next.length || 1)]
    if (to === undefined) break
    way.push(to)
  }
  return way
}

test.each<[wanted: Status, now: Status, ReturnType<typeof standing>]>([
  ['pending', 'pending', 'been'],
  ['pending', 'synced', 'been'],
  ['pending', 'failed', 'been'],
  ['printing', 'refused', 'been'],
  ['syncing', 'closed', 'been'],
  ['accepted', 'unknown', 'been'],
  ['printing', 'accepted', 'ahead'],
  ['synced', 'failed', 'ahead'],
  ['syncing', 'pending', 'ahead'],
  ['refused', 'unknown', 'ahead'],
  ['synced', 'refused', 'out_of_reach'],
  ['synced', 'closed', 'out_of_reach'],
  ['failed', 'synced', 'out_of_reach'],
  ['unknown', 'pending', 'out_of_reach'],
  ['refused', 'pending', 'out_of_reach'],
])('%s, seen from %s, is %s', (wanted, now, expected) => {
  expect(standing(wanted, now)).toBe(expected)
})

test.each<[wanted: Status, now: Status, ReturnType<typeof standing>]>([
  ['pending', 'synced', 'been'],
  ['synced', 'pending', 'ahead'],
  ['closed', 'pending', 'ahead'],
  ['syncing', 'pending', 'out_of_reach'],
  ['syncing', 'synced', 'out_of_reach'],
  ['synced', 'closed', 'out_of_reach'],
])('where the KKT delivers, %s, seen from %s, is %s', (wanted, now, expected) => {
  expect(standing(wanted, now, 'kkt')).toBe(expected)
})

test.each(WAYS)(`no random way by %s contradicts it (SEED=${SEED})`, (by) => {
  const draw = seededRandom()
  const met = new Set<string>()
  const wrong: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const way = walk(by, draw)
    const at = draw(way.length)
    const now = way[at] ?? 'accepted'
    for (const wanted of STATUSES) {
      const seen = standing(wanted, now, by)
      if (seen === 'been' && !way.slice(0, at + 1).includes(wanted)) wrong.push(`${wanted} before ${now}`)
      if (seen === 'out_of_reach' && way.slice(at).includes(wanted)) wrong.push(`${wanted} after ${now}`)
      met.add(`${wanted} ${now} ${seen}`)
    }
  }
  expect(wrong).toEqual([])
  // Where the KKT delivers, no receipt is being sent or fails.
  expect(met.size).toBe(STATUSES.length * (by === 'http' ? STATUSES.length : STATUSES.length - 2))
})

test.each(WAYS)(`a random way by %s comes to each state that is ahead (SEED=${SEED})`, (by) => {
  const draw = seededRandom()
  const ways = Array.from({ length: 2000 }, () => walk(by, draw))
  const followed = new Set(
    ways.flatMap((way) => way.flatMap((now, at) => way.slice(at + 1).map((wanted) => `${wanted} ${now}`))),
  )
  const ahead = STATUSES.flatMap((wanted) =>
    STATUSES.filter((now) => isReached(now, by) && standing(wanted, now, by) === 'ahead').map(
      (now) => `${wanted} ${now}`,
    ),
  )
  expect(ahead.filter((pair) => !followed.has(pair))).toEqual([])
})

/** Where the KKT delivers, these are of the time before. */
const isReached = (now: Status, by: DeliveryWay) => by === 'http' || (now !== 'syncing' && now !== 'failed')
