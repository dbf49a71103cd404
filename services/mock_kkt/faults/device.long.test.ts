/** The faults that are conditions of the register. */
import { describe, expect, test } from 'bun:test'
import { createConnections } from '@kkt/fault-kit/connections.ts'
import { createFaults } from '@kkt/fault-kit/faults.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { KktFaultsChange } from '../device/faults.ts'
import { deviceFaults } from './device.ts'

function build() {
  const clock = new TestClock()
  const device: { faults: KktFaultsChange; swaps: number } = { faults: { fn_full: true }, swaps: 0 }
  const catalogue = deviceFaults({
    setFaults: (change) => void Object.assign(device.faults, change),
    replaceFn: () => {
      device.swaps += 1
      return { oldFnNumber: '1', newFnNumber: '2' }
    },
  })
  const strikes: string[] = []
  const faults = createFaults({
    catalogue,
    clock,
    connections: createConnections(clock),
    onChanged: () => undefined,
    onStrike: (fault) => strikes.push(fault),
  })
  const configure = (change: unknown) => faults.configure(faults.change.parse(change))
  return { clock, catalogue, device, faults, strikes, configure }
}

const SWITCHES = [
  'paper_out',
  'paper_near_end',
  'cover_open',
  'printer_fault',
  'shift_expired',
  'not_registered',
  'fn_full',
  'fn_expired',
  'fn_broken',
]

describe('a condition of the register', () => {
  test.each(SWITCHES)('%s lasts while it is switched on', (name) => {
    const { device, strikes, configure } = build()
    const without = { ...device.faults }
    expect(without).toMatchObject({ [name]: false })
    configure({ [name]: true })
    expect(device.faults).toEqual({ ...without, [name]: true })
    expect(strikes).toEqual([name])
    configure({ [name]: false })
    expect(device.faults).toEqual(without)
  })

  test('clock_off sets the clock ahead or behind', () => {
    const { device, faults, configure } = build()
    configure({ clock_off: 60 })
    expect(device.faults).toMatchObject({ clock_ahead_seconds: 60, clock_behind_seconds: 0 })
    configure({ clock_off: { seconds: -90 } })
    expect(device.faults).toMatchObject({ clock_ahead_seconds: 0, clock_behind_seconds: 90 })
    faults.reset()
    expect(device.faults).toMatchObject({ clock_ahead_seconds: 0, clock_behind_seconds: 0 })
  })

  test('unsent makes the documents of the FN older', () => {
    const { device, configure } = build()
    configure({ unsent: { days: 31 } })
    expect(device.faults).toMatchObject({ unsent_for_days: 31 })
  })

  test('ends without the others, whichever was first', () => {
    const { device, configure } = build()
    const both = { clock_off: 60, paper_out: true }
    configure(both)
    configure({ clock_off: false })
    expect(device.faults).toMatchObject({ clock_ahead_seconds: 0, paper_out: true })
    configure(both)
    configure({ paper_out: false })
    expect(device.faults).toMatchObject({ clock_ahead_seconds: 60, paper_out: false })
  })
})

test('fn_swapped puts another FN in, once', async () => {
  const { clock, device, faults, configure } = build()
  configure({ fn_swapped: true })
  expect(device.swaps).toBe(1)
  await clock.advance(1000)
  expect(faults.shown()).toEqual({})
  expect(device.swaps).toBe(1)
})
