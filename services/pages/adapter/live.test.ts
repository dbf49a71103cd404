import { afterEach, expect, mock, spyOn, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createStore } from '../kit/store.ts'
import type { Source } from '../kit/stream.ts'
import { keepLive } from './live.ts'
import { NOTHING_KNOWN } from './state.ts'
import { health, sample, status } from './testing.ts'
import { EVENTS } from './wire.ts'

type Listener = Parameters<Source['addEventListener']>[1]

afterEach(() => mock.restore())

/** A page whose adapter has one sample, of `queued` receipts. */
function build({ queued = 7 } = {}) {
  const clock = new TestClock()
  const store = createStore(NOTHING_KNOWN, { clock, everyMs: 0 })
  const listeners = new Map<string, Listener>()
  const asked: string[] = []
  const read = async (path: unknown) => {
    asked.push(String(path))
    return Response.json({ now: sample().at, interval_seconds: 5, samples: [sample({ queued })] })
  }
  spyOn(globalThis, 'fetch').mockImplementation(Object.assign(read, { preconnect: () => undefined }))
  const end = keepLive({
    store,
    clock,
    open: () => ({ addEventListener: (name, listener) => listeners.set(name, listener), close: () => undefined }),
  })
  const send = (name: string, data: unknown = {}) =>
    listeners.get(name)?.({ data: JSON.stringify(data), lastEventId: '' })
  return { clock, store, asked, send, end }
}

test('each connection has the samples read, of which the stream tells only the later ones', async () => {
  const { clock, store, asked, send, end } = build()
  expect(asked).toEqual([])
  send('open')
  await settle()
  send('sample', sample({ queued: 8 }))
  expect(store.state.connection).toBe('live')
  expect(store.state.samples.map(({ queued }) => queued)).toEqual([7, 8])
  send('error')
  expect(store.state.connection).toBe('lost')
  await clock.advance(1000)
  send('open')
  await settle()
  expect(asked).toEqual(['/v1/kkt/buffer/samples', '/v1/kkt/buffer/samples'])
  expect(store.state.samples.map(({ queued }) => queued)).toEqual([7])
  end()
})

test('each event that is listened to changes the state', () => {
  const data: Record<(typeof EVENTS)[number], unknown> = {
    status: status({ pending: 3 }),
    health: health(),
    alert: { name: 'breaker_open', state: 'raised', detail: 'Wait.' },
    sample: sample(),
    breaker: {},
    lease: {},
    odoo: {},
    command: {},
    task: {},
    kkt: {},
    reset: {},
  }
  const { store, send, end } = build()
  for (const name of EVENTS) {
    const before = store.state
    send(name, data[name])
    expect([name, store.state]).not.toEqual([name, before])
  }
  expect(store.state).toMatchObject({
    status: { pending: 3 },
    health: { status: 'healthy' },
    raised: { breaker_open: 'Wait.' },
    samples: [sample()],
  })
  end()
})

test('an adapter that says nothing and cannot be asked is lost', async () => {
  const { clock, store, send, end } = build()
  send('open')
  await clock.advance(15_000)
  expect(store.state.connection).toBe('live')
  spyOn(globalThis, 'fetch').mockImplementation(
    Object.assign(() => Promise.reject(new TypeError('no network')), { preconnect: () => undefined }),
  )
  await clock.advance(15_000)
  expect(store.state.connection).toBe('lost')
  end()
})

test('after its end no sample is told', async () => {
  const { store, asked, send, end } = build()
  send('open')
  end()
  await settle()
  expect([asked.length, store.state.samples]).toEqual([1, []])
})
