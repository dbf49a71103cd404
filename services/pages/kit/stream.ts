import type { Clock } from '@kkt/platform/clock.ts'

/** Long enough to put no load on a service that is away, short enough to notice soon that it is back. */
const AGAIN_MS = 1000

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
  on: {
    opened(): void
    lost(): void
    /** @param json its data */
    event(name: Name, json: string): void
  }
}

/**
 * Listens to server-sent events, and connects again after the service was away: browsers differ in how long they try by
 * themselves, and some give up. The new connection says which event was the last.
 * @returns ends it
 */
export function listen<Name extends string>({ url, names, open, clock, on }: StreamOptions<Name>): () => void {
  const ended = new AbortController()
  let lastId = ''
  let source: Source

  function connect(): void {
    source = open(lastId === '' ? url : `${url}${url.includes('?') ? '&' : '?'}last_event_id=${lastId}`)
    const mine = source
    mine.addEventListener('open', on.opened)
    for (const name of names) {
      mine.addEventListener(name, ({ data, lastEventId }) => {
        if (lastEventId !== '') lastId = lastEventId
        on.event(name, data)
      })
    }
    mine.addEventListener('error', () => {
      mine.close()
      if (ended.signal.aborted) return
      on.lost()
      void clock.wait(AGAIN_MS, ended.signal).then(() => {
        if (!ended.signal.aborted) connect()
      })
    })
  }

  connect()
  return () => {
    ended.abort()
    source.close()
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
