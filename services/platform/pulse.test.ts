import { expect, test } from 'bun:test'
import { createPulse } from './pulse.ts'
import { settle, TestClock } from './testing.ts'

function build() {
  const clock = new TestClock()
  const beatsMs: number[] = []
  const pulse = createPulse({ clock, everyMs: 100, beat: () => void beatsMs.push(clock.monotonicMs()) })
  return { clock, beatsMs, pulse }
}

test('it beats between begin and end only, and leaves no timer', async () => {
  const { clock, beatsMs, pulse } = build()
  await clock.advance(500)
  pulse.begin()
  await clock.advance(250)
  pulse.end()
  await clock.advance(500)
  expect([beatsMs, clock.waiting]).toEqual([[600, 700], 0])
})

test('an end and a begin in one turn make one pulse, from the begin on', async () => {
  const { clock, beatsMs, pulse } = build()
  pulse.begin()
  await clock.advance(50)
  pulse.end()
  pulse.begin()
  await settle()
  expect(clock.waiting).toBe(1)
  await clock.advance(250)
  expect(beatsMs).toEqual([150, 250])
})
