import type { Told, Transition } from '../wire_stream.ts'

/** More than any terminal shows. */
const TRANSITIONS_KEPT = 200

type Of<Event extends Told['event']> = Extract<Told, { event: Event }>['data']

/** - `away`: the adapter is not reached, and `why` says more. It is asked again. */
export type Link = { kind: 'connecting' } | { kind: 'live' } | { kind: 'away'; why: string }

/** The state of an adapter, as far as its stream has told it. */
export type Seen = {
  link: Link
  /** `atMs`: when it came, by the wall clock. */
  status: { atMs: number; body: Of<'status'> } | null
  health: Of<'health'> | null
  /** The details of the alerts that hold, by their names. */
  alerts: ReadonlyMap<string, string>
  /** Oldest first. */
  transitions: readonly Transition[]
  /** The last event, to go on behind it. */
  lastEventId: number | null
}

export const NOTHING_SEEN: Seen = {
  link: { kind: 'connecting' },
  status: null,
  health: null,
  alerts: new Map(),
  transitions: [],
  lastEventId: null,
}

/** A new stream tells all alerts that hold. */
export const reconnected = (seen: Seen): Seen => ({ ...seen, link: { kind: 'live' }, alerts: new Map() })

export const lost = (seen: Seen, why: string): Seen => ({ ...seen, link: { kind: 'away', why } })

/** The state after one more event. @param nowMs by the wall clock */
export function after(seen: Seen, told: Told, nowMs: number): Seen {
  const known = { ...seen, lastEventId: told.id ?? seen.lastEventId }
  switch (told.event) {
    case 'status':
      return { ...known, status: { atMs: nowMs, body: told.data } }
    case 'health':
      return { ...known, health: told.data }
    case 'alert': {
      const alerts = new Map(seen.alerts)
      if (told.data.state === 'raised') alerts.set(told.data.name, told.data.detail)
      else alerts.delete(told.data.name)
      return { ...known, alerts }
    }
    case 'reset':
      return { ...known, transitions: [] }
    default: {
      const transitions = [...seen.transitions, { ...told.data, event: told.event }].slice(-TRANSITIONS_KEPT)
      return { ...known, transitions }
    }
  }
}
