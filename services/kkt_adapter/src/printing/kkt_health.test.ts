import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { quiet } from '../testing/kit.ts'
import { TestKkt } from '../testing/test_kkt.ts'
import { KktHealth } from './kkt_health.ts'

const BUSY = { kind: 'refused', isLasting: false, reason: 'the KKT is busy' } as const
const FULL = { kind: 'refused', isLasting: true, reason: 'the FN is full' } as const
const LOST = { kind: 'unknown', reason: 'the reply got lost' } as const

function setUp() {
  const kkt = new TestKkt()
  return { kkt, health: new KktHealth({ driver: kkt, logger: quiet }) }
}

describe('a KKT that said that it cannot fiscalise now', () => {
  test.each(['busy', 'paper_out', 'clock_behind'] as const)(
    '(%s) is asked how it is until it says that nothing ails it, also when a look-up settles a receipt meanwhile',
    async (trouble) => {
      const { kkt, health } = setUp()
      kkt.trouble = trouble
      expect(await health.endTrouble()).toMatchObject({ kind: 'fit' })
      health.notDone(BUSY)
      health.settled()
      expect(await health.endTrouble()).toEqual({ kind: 'troubled' })
      kkt.trouble = null
      expect(await health.endTrouble()).toMatchObject({ kind: 'fit' })
      kkt.trouble = trouble
      expect(await health.endTrouble()).toMatchObject({ kind: 'fit' })
    },
  )

  test('is asked no more after an answer that says nothing of a trouble', async () => {
    const { kkt, health } = setUp()
    kkt.trouble = 'busy'
    for (const outcome of [LOST, FULL]) {
      health.notDone(BUSY)
      health.notDone(outcome)
      expect(await health.endTrouble()).toMatchObject({ kind: 'fit' })
    }
  })
})

test('a KKT is left alone after a second receipt of which it settled nothing, until it settles one', () => {
  const { health } = setUp()
  const after = [LOST, BUSY, FULL, LOST, LOST].map((outcome) => {
    health.notDone(outcome)
    return health.isLeftAlone
  })
  expect(after).toEqual([false, true, false, false, true])
  expect([health.blocked(), health.blocked()]).toEqual([1, 2])
  health.settled()
  expect({ isLeftAlone: health.isLeftAlone, blocked: health.blocked() }).toEqual({ isLeftAlone: false, blocked: 1 })
})

test('a KKT is asked whether it is unfit only since a receipt was refused for good, and no more once it is fit', async () => {
  const { kkt, health } = setUp()
  kkt.trouble = 'fn_full'
  expect(await health.unfit()).toBeNull()
  health.notDone(FULL)
  expect(await health.unfit()).toBe('fn_full')
  kkt.trouble = null
  expect(await health.unfit()).toBeNull()
  kkt.trouble = 'fn_full'
  expect(await health.unfit()).toBeNull()
})

test('the end of a trouble is logged once the KKT says so, and not while it is silent', async () => {
  const lines: string[] = []
  const logger = createLogger('test', 'info', (line) => lines.push(line))
  const kkt = new TestKkt()
  const health = new KktHealth({ driver: kkt, logger })
  const { state } = kkt
  kkt.trouble = 'fn_full'
  health.notDone(BUSY)
  await health.endTrouble()
  kkt.state = async () => null
  await health.endTrouble()
  expect(lines.filter((line) => line.includes('kkt_trouble_ended'))).toEqual([])
  kkt.state = state
  kkt.trouble = null
  await health.endTrouble()
  expect(lines.filter((line) => line.includes('kkt_trouble_ended'))).toHaveLength(1)
})
