/** Faults in the configuration, without a call or a question. */
import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { receiptFaults } from './catalogue.ts'
import { type Connections, createConnections } from './connections.ts'
import { createFaults } from './faults.ts'
import { noPort, nothingSet } from './testing.ts'

function build(clock = new TestClock(), given: Partial<Connections> = {}) {
  const connections = { ...createConnections(clock), ...given }
  connections.listenOn(noPort)
  const changes: unknown[] = []
  const strikes: string[] = []
  const faults = createFaults({
    catalogue: receiptFaults,
    clock,
    connections,
    onChanged: () => changes.push(faults.shown()),
    onStrike: (fault) => strikes.push(fault),
  })
  const configure = (change: unknown) => faults.configure(faults.change.parse(change))
  return { clock, faults, changes, strikes, configure }
}

test('the end of what has a time to live is told when it comes, in a step of a sequence too', async () => {
  const { configure, changes, clock } = build()
  configure({ hang: [{ ttl: 5 }, { ttl: 9 }], sequence: [{ delay: { seconds: 1, ttl: 6 } }] })
  changes.length = 0
  await clock.advance(60_000)
  expect(changes).toEqual([
    { ...nothingSet, hang: { ttl: 4 }, sequence: [{ delay: { seconds: 1, ttl: 1 } }] },
    { ...nothingSet, hang: { ttl: 3 }, sequence: [{}] },
    { ...nothingSet, sequence: [{}] },
  ])
})

test('what was replaced or ended before has no end to tell of, and leaves no timer behind', async () => {
  const { configure, changes, clock, faults } = build()
  configure({ hang: { ttl: 5 }, unavailable: { ttl: 5 } })
  configure({ hang: { ttl: 9 } })
  configure({ unavailable: null })
  changes.length = 0
  await clock.advance(9000)
  expect(changes).toEqual([nothingSet])
  configure({ hang: { ttl: 5 } })
  faults.reset()
  await settle()
  expect(clock.waiting).toBe(0)
})

test('refuse_to_accept strikes when it is set, and is over when the port is open again', async () => {
  const { configure, changes, strikes, clock, faults } = build()
  configure({ refuse_to_accept: 3 })
  expect(strikes).toEqual(['refuse_to_accept'])
  expect(faults.shown()).toEqual({ ...nothingSet, refuse_to_accept: 3 })
  changes.length = 0
  await clock.advance(3000)
  expect(changes).toEqual([nothingSet])
  expect(faults.isArmed()).toBe(false)
  expect(strikes).toHaveLength(1)
})

test('refuse_to_accept is over when the port is open again, though time passes while it begins', () => {
  const clock = new TestClock()
  let readings = 0
  let nowMs = () => ++readings
  clock.monotonicMs = () => nowMs()
  let backAtMs = 0
  const leavePort = (ms: number) => {
    backAtMs = clock.monotonicMs() + ms
  }
  const { configure, faults } = build(clock, { leavePort })
  configure({ refuse_to_accept: 3 })
  nowMs = () => backAtMs
  expect(faults.shown()).toEqual(nothingSet)
})
