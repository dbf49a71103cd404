import type { Clock } from '@kkt/platform/clock.ts'
import { answers, ask } from '../kit/ask.ts'
import { createResource } from '../kit/resource.ts'
import type { Store } from '../kit/store.ts'
import { listen, type Source } from '../kit/stream.ts'
import { type Happening, type Live, reduce } from './state.ts'
import { EVENTS, type Samples, STREAM } from './wire.ts'

const SAMPLES = '/v1/kkt/buffer/samples'
const SAMPLES_EVERY_MS = 1000

type LiveOptions = { store: Store<Live>; clock: Clock; open: (url: string) => Source }

/**
 * Keeps a store up to date by the adapter's stream. Each connection begins with all that holds now.
 * @returns ends it
 */
export function keepLive({ store, clock, open }: LiveOptions): () => void {
  const happens = (happening: Happening) => store.change((live) => reduce(live, happening))
  const samples = createResource({
    read: () => ask<Samples>(SAMPLES),
    clock,
    everyMs: SAMPLES_EVERY_MS,
    onRead: ({ value, refused }) => {
      if (value && !refused) happens({ kind: 'samples', samples: value, nowMs: clock.wallMs() })
    },
  })
  const end = listen({
    url: STREAM,
    names: EVENTS,
    open,
    clock,
    isReached: (signal) => answers(SAMPLES, signal),
    on: {
      opened() {
        happens({ kind: 'opened' })
        samples.nudge()
      },
      lost: () => happens({ kind: 'lost' }),
      event: (name, json) => happens(happeningOf(name, json, clock.wallMs())),
    },
  })
  return () => {
    end()
    samples.end()
  }
}

/** @param json is of the adapter that the page is from, whose answers a test compares with these types */
function happeningOf(name: (typeof EVENTS)[number], json: string, nowMs: number): Happening {
  switch (name) {
    case 'status':
      return { kind: 'status', status: JSON.parse(json), nowMs }
    case 'health':
      return { kind: 'health', health: JSON.parse(json) }
    case 'alert':
      return { kind: 'alert', alert: JSON.parse(json) }
    case 'sample':
      return { kind: 'sample', sample: JSON.parse(json), nowMs }
    default:
      return { kind: 'news' }
  }
}
