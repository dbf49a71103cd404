import type { Connection } from '../kit/stream.ts'
import type { Call, Configuration } from './wire.ts'

/** As many as a person looks through, and as a browser draws fast. */
export const SHOWN_CALLS = 200

/** All that the page knows of the mock now. Its size has a bound, however long the page is open. */
export type Live = {
  connection: Connection
  /** Grows with each connection. */
  connections: number
  /** Null until the mock has sent it. */
  configuration: Configuration | null
  /** When the configuration came, by this browser's clock. */
  configuredAtMs: number
  /** The newest first. Null until they are read. */
  calls: readonly Call[] | null
  /** The newest call that was in the list when it was read: those after it came since. */
  listedTo: number
  /** Calls that came while the list is being read, which it may lack. Null while no list is wanted. */
  cameMeanwhile: readonly Call[] | null
  /** Grows whenever the counters may be out of date. */
  news: number
  /** The outcome of the last action. */
  said: { text: string; isWrong: boolean }
}

export type Happening =
  | { kind: 'opened' | 'lost' | 'reading' | 'reset' }
  | { kind: 'config'; configuration: Configuration; nowMs: number }
  | { kind: 'call'; call: Call }
  /** `calls`: oldest first. */
  | { kind: 'calls'; calls: readonly Call[] }
  | { kind: 'said'; text: string; isWrong: boolean }

export const NOTHING_KNOWN: Live = {
  connection: 'connecting',
  connections: 0,
  configuration: null,
  configuredAtMs: 0,
  calls: null,
  listedTo: 0,
  cameMeanwhile: null,
  news: 0,
  said: { text: '', isWrong: false },
}

/** The state after an event. */
export function reduce(live: Live, event: Happening): Live {
  switch (event.kind) {
    case 'opened':
      return { ...live, connection: 'live', connections: live.connections + 1, news: live.news + 1 }
    case 'lost':
      return { ...live, connection: 'lost' }
    case 'config':
      return {
        ...live,
        configuration: event.configuration,
        configuredAtMs: event.nowMs,
        news: live.news + 1,
      }
    case 'call':
      return {
        ...live,
        calls: live.calls && withCall(live.calls, event.call),
        cameMeanwhile: live.cameMeanwhile && [...live.cameMeanwhile, event.call].slice(-SHOWN_CALLS),
        news: live.news + 1,
      }
    case 'reading':
      return { ...live, cameMeanwhile: [] }
    case 'calls':
      return listed(live, event.calls)
    case 'reset':
      // A list that is being read may be of the time before.
      return { ...live, calls: [], listedTo: 0, cameMeanwhile: null, news: live.news + 1 }
    case 'said':
      return { ...live, said: { text: event.text, isWrong: event.isWrong } }
  }
}

function listed(live: Live, calls: readonly Call[]): Live {
  if (live.cameMeanwhile === null) return live
  return {
    ...live,
    calls: live.cameMeanwhile.reduce(withCall, calls.toReversed()),
    listedTo: calls.at(-1)?.number ?? 0,
    cameMeanwhile: null,
  }
}

/** A call that was listed under way has ended, and keeps its place. */
function withCall(calls: readonly Call[], call: Call): readonly Call[] {
  const known = calls.findIndex(({ number }) => number === call.number)
  return known === -1 ? [call, ...calls].slice(0, SHOWN_CALLS) : calls.with(known, call)
}
