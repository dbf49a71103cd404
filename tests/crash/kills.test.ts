import { expect, test } from 'bun:test'
import { seededRandom } from '@kkt/platform/testing.ts'
import { killsOf, REACHED_ON } from './kills.ts'
import type { Ended } from './outcome.ts'
import type { Kill } from './plan.ts'
import type { Point } from './points.ts'

const SEED = 7
const REGISTERS = ['in_process', 'register'] as const
type Register = (typeof REGISTERS)[number]

/** Makes the kills of a run, of which the one at `missed` finds no such step so many times. */
function live(
  kkt: Register,
  { kills = REACHED_ON[kkt].enough, missed, times = Number.POSITIVE_INFINITY }: Missing = {},
) {
  const ended: Ended[] = []
  let left = times
  for (const kill of killsOf({ kills, kkt, seed: SEED, folder: '' }, ended)) {
    const isMissed = kill.at !== null && kill.at === missed && left-- > 0
    ended.push({ kill, how: isMissed ? 'missed' : 'reached' })
  }
  return ended.map(({ kill }) => kill)
}
type Missing = { kills?: number; missed?: Point; times?: number }

const planned = (kkt: Register, kills: number): Kill[] => REACHED_ON[kkt].plan(kills, seededRandom(SEED))

test.each(REGISTERS)('a run in which each step came up has the planned kills: %s', (kkt) => {
  const { enough } = REACHED_ON[kkt]
  expect(live(kkt)).toEqual(planned(kkt, enough))
})

test.each(REGISTERS)('the chain of a step that did not come up is lived again, until it does: %s', (kkt) => {
  const { enough } = REACHED_ON[kkt]
  const missed = 'record_absent.after_commit'
  const again = live(kkt, { missed, times: 2 }).slice(enough)
  const at = (kills: readonly Kill[]) => kills.map((kill) => kill.at)
  expect(at(again).slice(-1)).toEqual([missed])
  // The life that leaves the state for it comes before it, each time.
  expect(at(again).filter((point) => point === 'mark_printing.after_commit')).toHaveLength(2)
})

test.each(REGISTERS)('a step that never comes up ends the run all the same: %s', (kkt) => {
  const { enough } = REACHED_ON[kkt]
  const again = live(kkt, { missed: 'cash_in_unknown.after_commit' }).slice(enough)
  expect(again.filter(({ at }) => at === 'cash_in_unknown.after_commit')).toHaveLength(3)
})

test.each(REGISTERS)('a run that is too short for all steps has no more than it was told: %s', (kkt) => {
  const missed = planned(kkt, 20).find(({ at }) => at !== null)?.at ?? undefined
  expect(live(kkt, { kills: 20, ...(missed && { missed }) })).toHaveLength(20)
})
