import type { Clock } from '@kkt/platform/clock.ts'

/** Long enough to put no load on a service that is away, short enough to notice soon that it is back. */
const AGAIN_MS = 1000

/** A service may have nothing to tell for a while. After this long without an event it is asked whether it is there. */
const SILENT_MS = 15_000
/** Longer than a service takes under load. */
const ANSWERS_WITHIN_MS = 5000

type StreamEvent = { data: string; lastEventId: string }

export type Connection = 'connecting' | 'live' | 'lost'

/** The part of a browser's EventSource that is used here. */
export type Source = {
  addEventListener(name: string, listener: (event: StreamEvent) => void): void
  close(): void
}

type StreamOptions<Name extends string> = {
  /** Where the stream is; a query may follow. */
  url: string
  /** The events to listen for. */
  names: readonly Name[]
  open: (url: string) => Source
  clock: Clock
  /** Whether the service answers. No longer wanted once the signal is aborted. */
  isReached: (signal: AbortSignal) => Promise<boolean>
  on: {
    opened(): void
    lost(): void
    /** @param json its data */
    event(name: Name, json: string): void
  }
}

/**
 * Listens to server-sent events, and connects again after the service was away: browsers differ in how long they try by
 * themselves, and some give up. The new connection says which event was the last. A service that hangs, or whose machine has
 * lost its network, ends no connection: it counts as lost once it is silent and does not answer.
 * @returns ends it
 */
export function listen<Name extends string>(options: StreamOptions<Name>): () => void {
  const { url, names, open, clock, isReached, on } = options
  const ended = new AbortController()
  let lastId = ''

  function connect(): void {
    const source = open(lastId === '' ? url : `${url}${url.includes('?') ? '&' : '?'}last_event_id=${lastId}`)
    const over = new AbortController()
    const signal = AbortSignal.any([ended.signal, over.signal])
    signal.addEventListener('abort', () => source.close())
    let heardAtMs = clock.monotonicMs()

    const lose = () => {
      if (signal.aborted) return
      over.abort()
      on.lost()
      void clock.wait(AGAIN_MS, ended.signal).then(() => {
        if (!ended.signal.aborted) connect()
      })
    }
    source.addEventListener('open', on.opened)
    for (const name of names) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        heardAtMs = clock.monotonicMs()
        if (lastEventId !== '') lastId = lastEventId
        on.event(name, data)
      })
    }
    source.addEventListener('error', lose)
    void untilGone({ clock, isReached, signal, silentMs: () => clock.monotonicMs() - heardAtMs }).then(lose)
  }

  connect()
  return () => ended.abort()
}

type Watch = Pick<StreamOptions<string>, 'clock' | 'isReached'> & { signal: AbortSignal; silentMs: () => number }

/** Resolves once the service is silent and does not answer, or when the signal is aborted. */
async function untilGone({ clock, isReached, signal, silentMs }: Watch): Promise<void> {
  let isThere = true
  while (isThere && !signal.aborted) {
    const restMs = SILENT_MS - silentMs()
    await clock.wait(restMs > 0 ? restMs : SILENT_MS, signal)
    if (signal.aborted || silentMs() < SILENT_MS) continue
    const asked = new AbortController()
    const either = AbortSignal.any([signal, asked.signal])
    const tooLate = clock.wait(ANSWERS_WITHIN_MS, either).then(() => false)
    isThere = await Promise.race([isReached(either), tooLate])
    asked.abort()
  }
}

/** The part of a browser's document that is used here. */
type Seen = { readonly visibilityState: string; addEventListener(name: 'visibilitychange', listener: () => void): void }

/**
 * Listens while the page is seen. A hidden page, such as one opened in a tab behind, has no stream, because a browser has
 * few connections to one address.
 * @param begin returns what ends it
 */
export function whileSeen(begin: () => () => void, page: Seen = document): void {
  const beginIfSeen = () => (page.visibilityState === 'visible' ? begin() : () => undefined)
  let end = beginIfSeen()
  page.addEventListener('visibilitychange', () => {
    end()
    end = beginIfSeen()
  })
}
