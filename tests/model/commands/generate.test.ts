import { expect, test } from 'bun:test'
import { SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { SIMPLEST } from '../world/settings.ts'
import type { History } from './command.ts'
import { histories } from './generate.ts'

/** The smallest history that still breaks the condition. */
async function shrunk(breaks: (history: History) => boolean, numRuns = 1000): Promise<History> {
  const property = fc.asyncProperty(histories.mock, async (history) => !breaks(history))
  const { counterexample } = await fc.check(property, { seed: SEED, numRuns })
  if (!counterexample) throw new Error('nothing was found')
  return counterexample[0]
}

const names = ({ commands }: History) => commands.map((command) => command.do)

test('of a long history the commands that matter are left, in order and in their simplest form', async () => {
  const history = await shrunk(({ commands }) => {
    const crash = commands.findIndex((command) => command.do === 'crash')
    const late = commands.slice(crash + 1).find((command) => command.do === 'wait' && command.ms > 700)
    return crash >= 0 && late !== undefined && commands[0]?.do !== 'stop'
  })
  expect(history.commands).toEqual([
    { do: 'crash', node: 0 },
    { do: 'wait', ms: expect.any(Number) },
  ])
  const [, wait] = history.commands
  expect(wait?.do === 'wait' && wait.ms).toBeLessThan(1400)
  expect(history.settings).toEqual(SIMPLEST)
})

test('two commands that matter only together are both left', async () => {
  const history = await shrunk((one) => names(one).filter((name) => name === 'sync').length >= 2)
  expect(names(history)).toEqual(['sync', 'sync'])
})

test('a setting that matters is left', async () => {
  const { commands, settings } = await shrunk(({ settings: { nodes } }) => nodes === 2)
  expect([commands, settings]).toEqual([[], { ...SIMPLEST, nodes: 2 }])
})

test('the path of a counterexample leads to it again', async () => {
  const property = fc.property(histories.mock, (one) => names(one).filter((name) => name === 'requeue').length < 2)
  const { counterexample, counterexamplePath } = fc.check(property, { seed: SEED, numRuns: 1000 })
  const again = fc.check(property, { seed: SEED, path: counterexamplePath ?? '', endOnFailure: true })
  expect(again.counterexample).toEqual(counterexample)
})
