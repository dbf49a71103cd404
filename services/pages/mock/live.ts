import type { Clock } from '@kkt/platform/clock.ts'
import { answers } from '../kit/ask.ts'
import { createResource } from '../kit/resource.ts'
import type { Store } from '../kit/store.ts'
import { listen, type Source } from '../kit/stream.ts'
import { type Control, inWords } from './control.ts'
import { type Happening, type Live, reduce, SHOWN_CALLS } from './state.ts'
import { EVENTS } from './wire.ts'

/** The shortest time between two reads of the list. Only a connection and a reset ask for it: calls are in the stream. */
const READ_EVERY_MS = 250

type LiveOptions = { store: Store<Live>; control: Control; clock: Clock; open: (url: string) => Source }

/**
 * Keeps a store up to date by the mock's stream. Each connection begins with the configuration, and has the calls read.
 * @returns ends it
 */
export function keepLive({ store, control, clock, open }: LiveOptions): () => void {
  const happens = (happening: Happening) => store.change((live) => reduce(live, happening))
  const calls = createResource({
    read() {
      happens({ kind: 'reading' })
      return control.calls(SHOWN_CALLS)
    },
    clock,
    everyMs: READ_EVERY_MS,
    onRead: ({ value, refused }) => {
      if (refused) happens({ kind: 'said', text: inWords(refused), isWrong: true })
      else if (value) happens({ kind: 'calls', calls: value })
    },
  })
  const end = listen({
    url: control.url('stream'),
    names: EVENTS,
    open,
    clock,
    isReached: (signal) => answers(control.url('counters'), signal),
    on: {
      opened() {
        happens({ kind: 'opened' })
        calls.nudge()
      },
      lost: () => happens({ kind: 'lost' }),
      event(name, json) {
        happens(happeningOf(name, json, clock.wallMs()))
        if (name === 'reset') calls.nudge()
      },
    },
  })
  return () => {
    end()
    calls.end()
  }
}

/** @param json is of the mock that the page is from, whose answers a test compares with these types */
function happeningOf(name: (typeof EVENTS)[number], json: string, nowMs: number): Happening {
  switch (name) {
    case 'config':
      return { kind: 'config', configuration: JSON.parse(json), nowMs }
    case 'call':
      return { kind: 'call', call: JSON.parse(json) }
    case 'reset':
      return { kind: 'reset' }
  }
}
