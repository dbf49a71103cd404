import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { Refused } from './ask.ts'
import { createResource, type Read } from './resource.ts'

const EVERY_MS = 500

function build(read: (ordinal: number) => Promise<string>) {
  const clock = new TestClock()
  const reads: Read<string>[] = []
  let asked = 0
  const resource = createResource({
    read: () => {
      asked += 1
      return read(asked)
    },
    clock,
    everyMs: EVERY_MS,
    onRead: (one) => reads.push(one),
  })
  return { clock, reads, resource, asked: () => asked }
}

test('however much the news, it is read twice a second, and once after the last', async () => {
  const { clock, resource, asked } = build(async () => 'a')
  for (let ms = 0; ms < 1000; ms += 10) {
    resource.nudge()
    await clock.advance(10)
  }
  expect(asked()).toBeLessThanOrEqual(3)
  await clock.advance(EVERY_MS)
  const after = asked()
  await clock.advance(5 * EVERY_MS)
  expect(asked()).toBe(after)
})

test('the value stays while a later read is refused, and the refusal is told', async () => {
  const refused = new Refused('unreachable', '')
  const { clock, reads, resource } = build(async (ordinal) => {
    if (ordinal > 1) throw refused
    return 'a'
  })
  resource.nudge()
  await settle()
  await clock.advance(EVERY_MS)
  resource.nudge()
  await settle()
  expect(reads).toEqual([
    { value: 'a', refused: null },
    { value: 'a', refused },
  ])
})

test('a read that ends after the end is not told', async () => {
  const answer = Promise.withResolvers<string>()
  const { clock, reads, resource } = build(() => answer.promise)
  resource.nudge()
  resource.end()
  answer.resolve('a')
  await settle()
  expect([reads, clock.waiting]).toEqual([[], 0])
})

test('a change is shown at once and until it is answered, whatever is read meanwhile', async () => {
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const { clock, reads, resource } = build((ordinal) => answers[ordinal - 1]?.promise ?? Promise.resolve('read after'))
  const shown = () => reads.at(-1)?.value
  resource.nudge()
  await settle()
  const answered = Promise.withResolvers<string>()
  const changed = resource.change('meanwhile', () => answered.promise)
  expect(shown()).toBe('meanwhile')
  // One read began before the change, and the other before its answer.
  answers[0]?.resolve('read before')
  resource.nudge()
  await clock.advance(EVERY_MS)
  answers[1]?.resolve('read before, too')
  await settle()
  expect(shown()).toBe('meanwhile')
  answered.resolve('answered')
  await changed
  expect(shown()).toBe('answered')
  await clock.advance(EVERY_MS)
  expect(shown()).toBe('read after')
})

test('a change that is refused is shown no more', async () => {
  const { clock, reads, resource } = build(async () => 'as it is')
  resource.nudge()
  await settle()
  const refused = new Refused('unreachable', '')
  const changed = resource.change('meanwhile', () => Promise.reject(refused))
  expect(await changed.catch((error: unknown) => error)).toBe(refused)
  expect(reads.map(({ value }) => value)).toEqual(['as it is', 'meanwhile', 'as it is'])
  await clock.advance(EVERY_MS)
})
