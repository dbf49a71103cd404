import type { Clock } from '@kkt/platform/clock.ts'
import { useEffect, useState } from 'preact/hooks'
import { createResource, type Read, type Resource } from './resource.ts'
import type { Store } from './store.ts'

/** The shortest time between two reads, if not said otherwise. The first news after a rest is read at once. */
const READ_EVERY_MS = 1000

/** A store's state. The component renders again after changes. */
export function useStore<State>(store: Store<State>): State {
  const [state, setState] = useState(store.state)
  useEffect(() => store.subscribe(() => setState(store.state)), [store])
  return state
}

/**
 * Something read from the service, and read again at news of it.
 * @param what names it: another name is another thing, of which nothing is known at first
 */
export function useRead<Value>(
  clock: Clock,
  what: string,
  read: () => Promise<Value>,
  news: number,
  everyMs: number = READ_EVERY_MS,
) {
  const [state, setState] = useState<{ what: string; read: Read<Value> }>({ what, read: NOTHING })
  const [resource, setResource] = useState<Resource<Value> | null>(null)
  useEffect(() => {
    const made = createResource({
      read,
      clock,
      everyMs,
      onRead: (done) => setState({ what, read: done }),
    })
    setResource(made)
    return made.end
  }, [what])
  useEffect(() => resource?.nudge(), [resource, news])
  return {
    ...(state.what === what ? state.read : NOTHING),
    change: async (meanwhile: Value, ask: () => Promise<Value>) => await resource?.change(meanwhile, ask),
  }
}

const NOTHING = { value: null, refused: null }

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const changed = () => setHolds(media.matches)
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [query])
  return holds
}
