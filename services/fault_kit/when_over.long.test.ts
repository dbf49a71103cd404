/** A fault that holds a condition ends it when it is over itself. */
import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createConnections } from './connections.ts'
import { defineFault } from './fault.ts'
import { createFaults } from './faults.ts'
import { seconds } from './fields.ts'

function build() {
  const clock = new TestClock()
  const held = new Set<number>()
  const holding = defineFault({
    name: 'holding',
    summary: 'Holds a number.',
    example: 1,
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'number',
    parameters: { number: seconds('the number'), lasts: seconds('for so long').default(60) },
    lastsMs: ({ lasts }) => lasts * 1000,
    begin: ({ number }, { whenOver }) => {
      held.add(number)
      whenOver(() => held.delete(number))
      return () => undefined
    },
  })
  const deaf = { onChanged: () => undefined, onStrike: () => undefined }
  const faults = createFaults({ catalogue: [holding], clock, connections: createConnections(clock), ...deaf })
  const configure = (change: unknown) => faults.configure(faults.change.parse(change))
  return { clock, faults, held, configure }
}

describe('what a fault holds is let go', () => {
  test('when it is set off, or to something else, or reset', () => {
    const { faults, held, configure } = build()
    configure({ holding: 1 })
    expect([...held]).toEqual([1])
    configure({ holding: 2 })
    expect([...held]).toEqual([2])
    configure({ holding: false })
    expect([...held]).toEqual([])
    configure({ holding: 3 })
    faults.reset()
    expect([...held]).toEqual([])
  })

  test('when its time is over', async () => {
    const { clock, held, configure } = build()
    configure({ holding: { number: 1, lasts: 5 } })
    await clock.advance(4999)
    expect([...held]).toEqual([1])
    await clock.advance(1)
    await settle()
    expect([...held]).toEqual([])
  })

  test('when a step of a sequence gives way to the next', async () => {
    const { clock, held, configure } = build()
    configure({ sequence: [{ holding: 1, seconds: 5 }, { holding: 2 }] })
    expect([...held]).toEqual([1])
    await clock.advance(5000)
    await settle()
    expect([...held]).toEqual([2])
  })
})
