import type { Clock } from '@kkt/platform/clock.ts'

export type Store<State> = {
  readonly state: State
  change(next: (state: State) => State): void
  /** @returns ends the subscription */
  subscribe(tell: () => void): () => void
}

/**
 * Holds a state and tells of its changes: of the first at once, and of those that follow together, so that a thousand
 * changes a second are a few renders.
 * @param everyMs the shortest time between two calls of a subscriber
 */
export function createStore<State>(
  initial: State,
  { clock, everyMs }: { clock: Clock; everyMs: number },
): Store<State> {
  const subscribers = new Set<() => void>()
  let state = initial
  let mode: 'quiet' | 'resting' | 'resting_with_news' = 'quiet'

  function tell(): void {
    for (const one of [...subscribers]) one()
  }

  async function tellAndRest(): Promise<void> {
    do {
      mode = 'resting'
      tell()
      await clock.wait(everyMs)
    } while (isBehind())
    mode = 'quiet'
  }

  const isBehind = () => mode === 'resting_with_news'

  return {
    get state() {
      return state
    },
    change(next) {
      const changed = next(state)
      if (changed === state) return
      state = changed
      if (mode === 'quiet') void tellAndRest()
      else mode = 'resting_with_news'
    },
    subscribe(one) {
      subscribers.add(one)
      return () => subscribers.delete(one)
    },
  }
}

const TICK_MS = 1000

/** This browser's time in Unix milliseconds, each second: one for a page, so that all that shows it renders at once. */
export function createTicker(clock: Clock): Store<number> {
  const store = createStore(clock.wallMs(), { clock, everyMs: 0 })
  const tick = async () => {
    for (;;) {
      await clock.wait(TICK_MS)
      store.change(() => clock.wallMs())
    }
  }
  void tick()
  return store
}
