import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { lanesOf, runLanes } from './lanes.ts'

const suite = (name: string) => ({ name, paths: [], drivesStack: name === 'integration' })
const LANES = lanesOf(['unit', 'harness', 'process', 'scenarios', 'integration'].map(suite))

/** Suites that end on demand. */
function underWay() {
  const log: string[] = []
  const running = new Map<string, PromiseWithResolvers<string>>()
  const all = runLanes(LANES, ({ name }) => {
    log.push(name)
    const one = Promise.withResolvers<string>()
    running.set(name, one)
    return one.promise
  })
  // For a test that looks at it later.
  all.catch(() => undefined)
  const end = async (name: string, error?: Error) => {
    if (error) running.get(name)?.reject(error)
    else running.get(name)?.resolve(name)
    await settle()
  }
  return { log, all, end }
}

test('suites that wait run beside those that work, which run one after the other, and unit tests last', async () => {
  const { log, all, end } = underWay()
  expect(log).toEqual(['process', 'scenarios', 'integration'])
  for (const name of ['integration', 'scenarios']) await end(name)
  expect(log).toHaveLength(3)
  await end('process')
  for (const name of ['unit', 'harness']) {
    expect(log.at(-1)).toBe(name)
    await end(name)
  }
  expect(await all).toEqual(['process', 'unit', 'harness', 'scenarios', 'integration'])
})

test('when one fails, the others end before its error is thrown', async () => {
  const { log, all, end } = underWay()
  let isOver = false
  void all
    .catch(() => undefined)
    .then(() => {
      isOver = true
    })
  await end('process', new Error('no such program'))
  expect([log.includes('unit'), isOver]).toEqual([false, false])
  for (const name of ['integration', 'scenarios']) await end(name)
  expect(isOver).toBe(true)
  await expect(all).rejects.toThrow('no such program')
})
