import { afterEach, expect, mock, spyOn, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { Refused } from '../kit/ask.ts'
import { createStore } from '../kit/store.ts'
import type { Source } from '../kit/stream.ts'
import { createControl } from './control.ts'
import { keepLive } from './live.ts'
import { NOTHING_KNOWN } from './state.ts'
import { call } from './testing.ts'
import type { Call } from './wire.ts'

afterEach(() => mock.restore())

type Listener = Parameters<Source['addEventListener']>[1]

/** The page at a proxy's path. `reads`: the outcomes of reading the calls, in their order. */
function build(...reads: (() => Promise<Call[]>)[]) {
  const clock = new TestClock()
  const store = createStore(NOTHING_KNOWN, { clock, everyMs: 0 })
  const asked: number[] = []
  const listeners = new Map<string, Listener>()
  const opened: string[] = []
  const facts = { service: 'OFD', counted: 'receipts', control: 'ofd/v1/_test' }
  const end = keepLive({
    store,
    control: {
      ...createControl(facts, 'http://proxy.test/mock/'),
      async calls(limit) {
        asked.push(limit)
        return (await reads.shift()?.()) ?? []
      },
    },
    clock,
    open(url) {
      opened.push(url)
      return { addEventListener: (name, listener) => listeners.set(name, listener), close: () => undefined }
    },
  })
  const send = (name: string, data: unknown = {}) =>
    listeners.get(name)?.({ data: JSON.stringify(data), lastEventId: '' })
  return { clock, store, asked, opened, send, end }
}

test('a connection has the calls read; the stream is beside the page, so that a proxy’s path is kept', async () => {
  const { store, asked, opened, send, end } = build(async () => [call(1), call(2)])
  expect(opened).toEqual(['http://proxy.test/mock/ofd/v1/_test/stream'])
  send('open')
  send('config', { hang: 1 })
  await settle()
  expect(asked).toEqual([200])
  expect(store.state).toMatchObject({ connection: 'live', configuration: { hang: 1 }, calls: [call(2), call(1)] })
  end()
})

test('a reset has them read again', async () => {
  const { clock, store, asked, send, end } = build(
    async () => [call(1)],
    async () => [call(7)],
  )
  send('open')
  await settle()
  send('reset')
  expect(store.state.calls).toEqual([])
  await clock.advance(250)
  expect([asked.length, store.state.calls?.map(({ number }) => number)]).toEqual([2, [7]])
  end()
})

test('a mock that says nothing is asked for its counters, and is lost where it cannot be', async () => {
  const paths: string[] = []
  const refuse = (path: unknown) => {
    paths.push(String(path))
    return Promise.reject(new TypeError('no network'))
  }
  spyOn(globalThis, 'fetch').mockImplementation(Object.assign(refuse, { preconnect: () => undefined }))
  const { clock, store, send, end } = build()
  send('open')
  await clock.advance(15_000)
  expect([paths, store.state.connection]).toEqual([['http://proxy.test/mock/ofd/v1/_test/counters'], 'lost'])
  end()
})

test('a list that is refused is said, and the calls stay unknown', async () => {
  const { store, send, end } = build(() => Promise.reject(new Refused('invalid_query', 'limit is too large')))
  send('open')
  await settle()
  expect(store.state).toMatchObject({ calls: null, said: { text: 'limit is too large', isWrong: true } })
  end()
})
