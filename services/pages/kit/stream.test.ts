import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { listen, type Source, whileSeen } from './stream.ts'

type Listener = Parameters<Source['addEventListener']>[1]

class TestSource implements Source {
  isClosed = false
  readonly #listeners = new Map<string, Listener>()
  constructor(readonly url: string) {}
  addEventListener(name: string, listener: Listener) {
    this.#listeners.set(name, listener)
  }
  close() {
    this.isClosed = true
  }
  send(name: string, data = '', lastEventId = '') {
    this.#listeners.get(name)?.({ data, lastEventId })
  }
}

/** @param isReached whether the service answers; @default it does */
function build(isReached: () => Promise<boolean> = async () => true) {
  const clock = new TestClock()
  const sources: TestSource[] = []
  const heard: unknown[] = []
  const end = listen({
    url: '/stream?events=a',
    names: ['a', 'b'],
    clock,
    isReached,
    open: (url) => {
      const source = new TestSource(url)
      sources.push(source)
      return source
    },
    on: {
      opened: () => heard.push('opened'),
      lost: () => heard.push('lost'),
      event: (name, json) => heard.push([name, json]),
    },
  })
  const last = () => {
    const source = sources.at(-1)
    if (!source) throw new Error('nothing was opened')
    return source
  }
  return { clock, sources, heard, end, last }
}

test('events come under their names, and others do not', () => {
  const { heard, last } = build()
  last().send('open')
  last().send('a', '{"count":1}', '7')
  last().send('b', 'null')
  last().send('other', '1')
  expect(heard).toEqual(['opened', ['a', '{"count":1}'], ['b', 'null']])
})

test('a lost connection is opened again a second later, from the event that came last', async () => {
  const { clock, sources, heard, last } = build()
  last().send('a', '1', '7')
  last().send('b', '2')
  last().send('error')
  expect([last().isClosed, heard.at(-1)]).toEqual([true, 'lost'])
  await clock.advance(999)
  expect(sources).toHaveLength(1)
  await clock.advance(1)
  expect(sources.map(({ url }) => url)).toEqual(['/stream?events=a', '/stream?events=a&last_event_id=7'])
  last().send('error')
  await clock.advance(1000)
  expect(sources).toHaveLength(3)
})

test('after its end nothing is opened again', async () => {
  const { clock, sources, heard, end, last } = build()
  last().send('error')
  end()
  await clock.advance(5000)
  expect(sources).toHaveLength(1)
  expect([clock.waiting, heard]).toEqual([0, ['lost']])
})

test('a silent service that answers is not lost', async () => {
  let asked = 0
  const { clock, sources, heard, last } = build(async () => {
    asked += 1
    return true
  })
  last().send('open')
  await clock.advance(60_000)
  expect([asked, sources.length, heard]).toEqual([4, 1, ['opened']])
})

test.each<[string, () => Promise<boolean>]>([
  ['hangs', () => Promise.withResolvers<boolean>().promise],
  ['is out of reach', async () => false],
])('a silent service that %s is lost within 20 s, and connected to again', async (_how, isReached) => {
  const { clock, sources, heard, last } = build(isReached)
  last().send('open')
  await clock.advance(14_000)
  last().send('a', '1')
  await clock.advance(14_000)
  expect(heard).toEqual(['opened', ['a', '1']])
  await clock.advance(6000)
  expect([heard.at(-1), sources[0]?.isClosed]).toEqual(['lost', true])
  await clock.advance(1000)
  expect(sources).toHaveLength(2)
  last().send('open')
  expect(heard.at(-1)).toBe('opened')
})

/** A page that is seen or not. `counts`: how often its stream was begun and ended. */
function pageThatIs(visibilityState: 'visible' | 'hidden') {
  const page: { visibilityState: string; changed: () => void } = { visibilityState, changed: () => undefined }
  const counts = { begun: 0, ended: 0 }
  const begin = () => {
    counts.begun += 1
    return () => {
      counts.ended += 1
    }
  }
  whileSeen(begin, {
    get visibilityState() {
      return page.visibilityState
    },
    addEventListener(_name, listener) {
      page.changed = listener
    },
  })
  const becomes = (state: typeof visibilityState) => {
    page.visibilityState = state
    page.changed()
  }
  return { counts, becomes }
}

test('a hidden page lets go of its stream, once, and begins again when it is seen', () => {
  const { counts, becomes } = pageThatIs('visible')
  expect(counts).toEqual({ begun: 1, ended: 0 })
  becomes('hidden')
  becomes('hidden')
  expect(counts).toEqual({ begun: 1, ended: 1 })
  becomes('visible')
  expect(counts).toEqual({ begun: 2, ended: 1 })
})

test('a page that is opened in a tab behind has no stream until it is seen', () => {
  const { counts, becomes } = pageThatIs('hidden')
  expect(counts).toEqual({ begun: 0, ended: 0 })
  becomes('visible')
  expect(counts).toEqual({ begun: 1, ended: 0 })
})
