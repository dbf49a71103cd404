import { expect, test } from 'bun:test'
import { createHub } from './hub.ts'

const greet = { event: 'hello', data: 1 }

test('each reader is greeted, and told what comes after', async () => {
  const hub = createHub()
  const readers = [hub.stream(greet), hub.stream(greet)].map((stream) => stream.getReader())
  hub.publish('news', () => ({ a: 'b' }))
  for (const reader of readers) {
    const texts = [await reader.read(), await reader.read()].map(({ value }) => new TextDecoder().decode(value))
    expect(texts).toEqual(['event: hello\ndata: 1\n\n', 'event: news\ndata: {"a":"b"}\n\n'])
  }
})

test('what nobody hears is not even made', () => {
  let made = 0
  createHub().publish('news', () => {
    made += 1
  })
  expect(made).toBe(0)
})

test('a reader who leaves is forgotten', async () => {
  const hub = createHub()
  await hub.stream(greet).cancel()
  expect(hub.size()).toBe(0)
})

test('a reader who does not read is let go', async () => {
  const hub = createHub()
  const reader = hub.stream(greet).getReader()
  for (let i = 0; i < 2000; i += 1) hub.publish('news', () => i)
  expect(hub.size()).toBe(0)
  let read = 0
  while (!(await reader.read()).done) read += 1
  expect(read).toBeLessThan(1100)
})
