import { expect, test } from 'bun:test'
import { seededRandom } from '@kkt/platform/testing.ts'
import { EVERY_DAMAGE, EVERY_POINT, planKills } from './plan.ts'
import { POINTS } from './points.ts'

const plan = (kills: number, seed = 1) => planKills(kills, seededRandom(seed))

test('the first kills are at every point once, and a short run does each damage', () => {
  const first = plan(EVERY_POINT)
  const points = first.flatMap(({ at }) => (at === null ? [] : [at]))
  expect(new Set(points)).toEqual(new Set(POINTS))
  expect(points).toHaveLength(POINTS.length)
  const isAfterStepOfPair = ({ at }: { at: string | null }) =>
    /^(put_right|reversal_|right_).*after_commit$/.test(at ?? '')
  expect(plan(EVERY_DAMAGE + 7).filter(isAfterStepOfPair)).toHaveLength(7)
  const short = plan(EVERY_DAMAGE)
  expect(short.flatMap(({ damage }) => (damage ? [damage.kind] : []))).toEqual(['wal_flipped', 'wal_lost'])
  expect(short.filter(({ deed }) => deed === 'move_away')).toHaveLength(1)
})

test('further kills are at points, reached once or more often, and at random instants, with and without troubles', () => {
  const further = plan(1000).slice(EVERY_POINT)
  expect(further).toHaveLength(1000 - EVERY_POINT)
  const instants = further.filter(({ at }) => at === null)
  const counted = further.filter(({ at, count }) => at !== null && count > 1)
  const patient = further.filter(({ isPatient }) => isPatient)
  for (const some of [instants, counted, patient]) expect(some.length).toBeGreaterThan(20)
  const [flipped, lost] = ['wal_flipped', 'wal_lost'].map((kind) =>
    further.filter(({ damage }) => damage?.kind === kind),
  )
  const moved = further.filter(({ deed }) => deed === 'move_away')
  for (const some of [flipped, lost, moved]) expect(some?.length).toBeGreaterThan(10)
  const troubles = new Set(further.flatMap(({ ofd, kkt }) => [...Object.keys(ofd), ...Object.keys(kkt)]))
  for (const trouble of [
    'permanent_failure',
    'effect_then_silence',
    'effect_then_cut',
    'second_answer',
    'lookup_mixed_up',
    'refuse',
    'reply_lost',
    'gone',
  ]) {
    expect(troubles).toContain(trouble)
  }
})

test('the same seed gives the same plan, and another seed another plan', () => {
  expect(plan(300, 7)).toEqual(plan(300, 7))
  expect(plan(300, 7)).not.toEqual(plan(300, 8))
  expect(plan(EVERY_POINT, 7)).not.toEqual(plan(EVERY_POINT, 8))
})

test('a short run takes the first kills of the plan', () => expect(plan(3)).toEqual(plan(300).slice(0, 3)))
