import { describe, expect, test } from 'bun:test'
import { createHub, type StreamEvent } from './hub.ts'
import { isStreamed } from './listener/answering.ts'
import { Problem } from './problem.ts'
import { settle, TestClock } from './testing.ts'

const HELLO: StreamEvent[] = [{ event: 'hello', data: 1 }]
const news = (data: unknown): StreamEvent[] => [{ event: 'news', data }]
const MEBIBYTE = 1024 * 1024

function build() {
  const clock = new TestClock()
  const presence: string[] = []
  const hub = createHub({
    clock,
    whileRead: { begin: () => void presence.push('begins'), end: () => void presence.push('ends') },
  })
  const join = (
    backlog?: () => readonly StreamEvent[] | null,
    greeting = HELLO,
    names: readonly string[] | null = null,
    ended: AbortSignal | null = null,
  ) => {
    const { body } = hub.answer(greeting, backlog, { names, ended, language: null })
    if (!body) throw new Error('The answer has no body')
    return body.getReader()
  }
  return { clock, hub, presence, join }
}

type Bytes = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>
const next = async (reader: Bytes) => new TextDecoder().decode((await reader.read()).value)

/** The bytes and chunks that a reader still gets before its stream ends. */
async function rest(reader: Bytes) {
  let [chunks, bytes] = [0, 0]
  for (let bit = await reader.read(); !bit.done; bit = await reader.read()) {
    chunks += 1
    bytes += bit.value.length
  }
  return { chunks, bytes }
}

test('each reader is greeted, and told each later event', async () => {
  const { hub, join } = build()
  const readers = [join(), join()]
  hub.publish(() => news({ a: 'b' }))
  for (const reader of readers) {
    expect([await next(reader), await next(reader)]).toEqual([
      'event: hello\ndata: 1\n\n',
      'event: news\ndata: {"a":"b"}\n\n',
    ])
  }
})

test('an event with a number carries it as its id, and events of one publication arrive together', async () => {
  const { hub, join } = build()
  const reader = join()
  await next(reader)
  hub.publish(() => [{ event: 'news', data: 'a', id: 7 }, ...news('b')])
  expect(await next(reader)).toBe('id: 7\nevent: news\ndata: "a"\n\nevent: news\ndata: "b"\n\n')
})

describe('a reader that wants only events of some names', () => {
  const both: StreamEvent[] = [...news('a'), { event: 'other', data: 'b' }]

  test('is told no other, and what nobody wants is known beforehand', async () => {
    const { hub, join } = build()
    const reader = join(undefined, HELLO, ['other', 'hello'])
    expect([hub.isWanted('other'), hub.isWanted('news'), hub.isWanted('the')]).toEqual([true, false, false])
    const all = join()
    expect(hub.isWanted('news')).toBe(true)
    hub.publish(() => news('a'))
    hub.publish(() => both)
    expect([await next(reader), await next(reader)]).toEqual([
      'event: hello\ndata: 1\n\n',
      'event: other\ndata: "b"\n\n',
    ])
    expect([await next(all), await next(all)]).toEqual(['event: hello\ndata: 1\n\n', 'event: news\ndata: "a"\n\n'])
  })

  test('is told no other of its backlog, and then what comes', async () => {
    const { hub, join } = build()
    const backlog = [news('old'), both, news('older')]
    const reader = join(() => backlog.shift() ?? null, HELLO, ['other'])
    // A greeting of which nothing is wanted is a comment: the head of the answer goes with it.
    expect(await next(reader)).toBe(': still here\n\n')
    expect(await next(reader)).toBe('event: other\ndata: "b"\n\n')
    const coming = next(reader)
    await settle()
    hub.publish(() => both)
    expect(await coming).toBe('event: other\ndata: "b"\n\n')
  })
})

test('an answer is marked as one that comes bit by bit, for proxies, too', () => {
  const { hub } = build()
  const answer = hub.answer(HELLO)
  expect([isStreamed(answer), answer.headers.get('content-type')]).toEqual([true, 'text/event-stream'])
  expect([answer.headers.get('cache-control'), answer.headers.get('x-accel-buffering')]).toEqual(['no-store', 'no'])
})

test('events that nobody hears are not even made', () => {
  let made = 0
  build().hub.publish(() => {
    made += 1
    return []
  })
  expect(made).toBe(0)
})

test('a reader who leaves is forgotten, and no timer is left', async () => {
  const { hub, clock, join } = build()
  const reader = join()
  expect(clock.waiting).toBe(1)
  await reader.cancel()
  await settle()
  expect([hub.size(), clock.waiting]).toEqual([0, 0])
})

test('whileRead lasts from the first reader to the last, and begins again', async () => {
  const { join, presence } = build()
  const [first, second] = [join(), join()]
  await first.cancel()
  expect(presence).toEqual(['begins'])
  await second.cancel()
  join()
  expect(presence).toEqual(['begins', 'ends', 'begins'])
})

test('a silent stream gets a comment every 15 s', async () => {
  const { clock, join } = build()
  const reader = join()
  await next(reader)
  await clock.advance(14_999)
  const beat = next(reader)
  expect(await Promise.race([beat, settle().then(() => 'nothing')])).toBe('nothing')
  await clock.advance(1)
  expect(await beat).toBe(': still here\n\n')
})

describe('a reader who does not read', () => {
  test('is dropped after 1000 small events, gets those, and the others go on', async () => {
    const { hub, join } = build()
    const [slow, quick] = [join(), join()]
    await next(quick)
    for (let i = 0; i < 2000; i += 1) {
      hub.publish(() => news(i))
      await next(quick)
    }
    expect(hub.size()).toBe(1)
    const { chunks } = await rest(slow)
    expect(chunks).toBeGreaterThan(900)
    expect(chunks).toBeLessThan(1100)
  })

  test('is dropped after a mebibyte of large events', async () => {
    const { hub, join } = build()
    const slow = join()
    for (let i = 0; i < 100; i += 1) hub.publish(() => news('x'.repeat(MEBIBYTE / 20)))
    expect(hub.size()).toBe(0)
    const { bytes } = await rest(slow)
    expect(bytes).toBeGreaterThan(MEBIBYTE)
    expect(bytes).toBeLessThan(1.2 * MEBIBYTE)
  })
})

describe('a backlog', () => {
  const backlogOf = (length: number) => {
    const asked: number[] = []
    const backlog = () => (asked.push(asked.length) > length ? null : news(asked.length))
    return { asked, backlog }
  }

  test('comes before live events, which do not reach a reader that still catches up', async () => {
    const { hub, join } = build()
    const { backlog } = backlogOf(3)
    const reader = join(backlog)
    await next(reader)
    hub.publish(() => news('live, and in the backlog too'))
    expect([await next(reader), await next(reader), await next(reader)]).toEqual(
      [1, 2, 3].map((data) => `event: news\ndata: ${data}\n\n`),
    )
    const after = next(reader)
    await settle()
    hub.publish(() => news('live'))
    expect(await after).toBe('event: news\ndata: "live"\n\n')
  })

  test('holds back no event that is announced: no backlog has it', async () => {
    const { hub, join } = build()
    const { backlog } = backlogOf(3)
    const reader = join(backlog)
    hub.announce(() => news('announced'))
    const texts = await Promise.all([1, 2, 3, 4, 5].map(() => next(reader)))
    expect(texts.filter((text) => text.includes('announced'))).toHaveLength(1)
  })

  test('is read only as far as its reader gets', async () => {
    const { join } = build()
    const { asked, backlog } = backlogOf(1000)
    const reader = join(backlog)
    await next(reader)
    await next(reader)
    await settle()
    expect(asked.length).toBeLessThan(4)
  })
})

test('a backlog that cannot be read breaks the stream off, and leaves nothing behind', async () => {
  const { hub, clock, join } = build()
  let isBroken = false
  const reader = join(() => {
    if (isBroken) throw new Error('the disk')
    return news('more')
  })
  await next(reader)
  await next(reader)
  isBroken = true
  await expect(reader.read()).rejects.toThrow('the disk')
  await settle()
  expect([hub.size(), clock.waiting]).toEqual([0, 0])
})

test('one reader more than 16 is refused', async () => {
  const { hub, join } = build()
  const readers = Array.from({ length: 16 }, () => join())
  expect(() => hub.answer(HELLO)).toThrow(Problem)
  await readers[0]?.cancel()
  expect(hub.answer(HELLO).status).toBe(200)
})

test('close ends all streams, and leaves nothing behind', async () => {
  const { hub, clock, join } = build()
  const readers = [join(), join(() => news('more'))]
  hub.close()
  await settle()
  expect(await Promise.all(readers.map(rest))).toHaveLength(2)
  expect([hub.size(), clock.waiting]).toEqual([0, 0])
})

test('a reader whose signal ends has its stream end, and the others go on', async () => {
  const { hub, join } = build()
  const [over, late] = [new AbortController(), new AbortController()]
  const ended = join(undefined, HELLO, null, over.signal)
  const stays = join(undefined, HELLO, null, late.signal)
  await Promise.all([ended.read(), stays.read()])
  over.abort()
  expect((await ended.read()).done).toBe(true)
  expect(hub.size()).toBe(1)
  await stays.cancel()
  late.abort()
  expect(hub.size()).toBe(0)
})
