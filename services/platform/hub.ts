import type { Clock } from './clock.ts'
import { type Language, languageHeaders } from './language.ts'
import { streamed } from './listener/answering.ts'
import { Problem } from './problem.ts'
import { createPulse, type Pulse } from './pulse.ts'
import { inEach } from './words/words.ts'

/** A reader further behind is dropped: its unread events would fill the memory. */
const MAX_BYTES_BEHIND = 1024 * 1024
const MAX_CHUNKS_BEHIND = 1000
/** With as many long polls, they leave room for tills in the smallest number of connections that a listener takes. */
export const MAX_READERS = 16
/** Shorter than the time for which proxies keep a silent connection. */
const HEARTBEAT_MS = 15_000
const HEARTBEAT = new TextEncoder().encode(': still here\n\n')

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Without it nginx keeps events back until it has enough of them.
  'x-accel-buffering': 'no',
}

/** Without a high-water mark above 0 a backlog is read only as far as its reader has got. */
const QUEUE = {
  highWaterMark: 0,
  size: (chunk?: Uint8Array) => Math.max(chunk?.length ?? 0, MAX_BYTES_BEHIND / MAX_CHUNKS_BEHIND),
}

/**
 * A server-sent event, whose data may differ by the reader's language. A reader that connects again names the last `id` that
 * it got.
 */
export type StreamEvent = { event: string; id?: number } & (
  | { data: unknown }
  | { dataIn: (language: Language) => unknown }
)

/**
 * - `catching_up`: it reads its backlog, piece by piece, as fast as it likes;
 * - `live`: it is told each event as it comes.
 */
type Mode = { kind: 'catching_up'; next: () => readonly StreamEvent[] | null } | { kind: 'live' }

/** `names`: of the events, in one text that is the same for readers that want the same; null for all. */
type Wish = { names: string | null; language: Language }

type Reader = Wish & {
  mode: Mode
  controller: ReadableStreamDefaultController<Uint8Array>
  /** No longer waits for the signal that ends it. */
  stopWaiting: () => void
}

/**
 * `names`: of the events that a reader wants; null for all. `ended`: ends its stream; null for nothing that does.
 * `language`: null where no event differs by it.
 */
export type Reading = { names: readonly string[] | null; ended: AbortSignal | null; language: Language | null }
const ALL_OF_IT: Reading = { names: null, ended: null, language: null }

export type Hub = ReturnType<typeof createHub>

/**
 * Publishes events to readers as server-sent events (the HTML standard's `text/event-stream`). A reader that does not
 * keep up is dropped, and nobody waits for it.
 * @param deps.whileRead begins with the first reader and ends with the last one
 */
export function createHub({ clock, whileRead }: { clock: Clock; whileRead?: Pulse }) {
  const readers = new Set<Reader>()
  const heart = createPulse({ clock, everyMs: HEARTBEAT_MS, beat: () => sendTo(isLive, () => HEARTBEAT) })

  function forget(reader: Reader): void {
    if (!readers.delete(reader)) return
    reader.stopWaiting()
    if (readers.size > 0) return
    heart.end()
    whileRead?.end()
  }

  /** Lets a reader have the events that it was sent, and then the end of its stream. */
  function end(reader: Reader): void {
    forget(reader)
    reader.controller.close()
  }

  function send(reader: Reader, chunk: Uint8Array): void {
    reader.controller.enqueue(chunk)
    if ((reader.controller.desiredSize ?? 0) < -MAX_BYTES_BEHIND) end(reader)
  }

  /** @param chunkFor for readers with that wish; null where there is nothing for them */
  function sendTo(isTold: (reader: Reader) => boolean, chunkFor: (wish: Wish) => Uint8Array | null): void {
    for (const reader of readers) {
      const chunk = isTold(reader) ? chunkFor(reader) : null
      if (chunk !== null) send(reader, chunk)
    }
  }

  function admit(reader: Reader): void {
    readers.add(reader)
    if (readers.size > 1) return
    heart.begin()
    whileRead?.begin()
  }

  function catchUp(reader: Reader): void {
    try {
      while (reader.mode.kind === 'catching_up') {
        const events = reader.mode.next()
        if (events === null) reader.mode = { kind: 'live' }
        const chunk = encodedFor(reader, events ?? [])
        if (chunk === null) continue
        send(reader, chunk)
        return
      }
    } catch (error) {
      forget(reader)
      reader.controller.error(error)
    }
  }

  return {
    /**
     * Tells events that a backlog has, too: a reader that catches up gets them from there.
     * @param make the events, in order; called only when there is a reader
     */
    publish(make: () => readonly StreamEvent[]): void {
      if (readers.size > 0) sendTo(isLive, chunksOf(make()))
    },

    /**
     * Tells events that no backlog has. A reader that catches up gets them ahead of the rest of its backlog.
     * @param make the events, in order; called only when there is a reader
     */
    announce(make: () => readonly StreamEvent[]): void {
      if (readers.size > 0) sendTo(() => true, chunksOf(make()))
    },

    /** Whether a reader wants events of this name. */
    isWanted(name: string): boolean {
      for (const { names } of readers) if (wants(names, name)) return true
      return false
    },

    /**
     * An answer that streams the events.
     * @param greeting the first events for this reader
     * @param backlog the next part of the events that the reader missed, never an empty one; or null when it has all up
     *   to those that will be published. When it throws, the stream breaks off
     * @throws Problem when there are too many readers
     */
    answer(
      greeting: readonly StreamEvent[],
      backlog: () => readonly StreamEvent[] | null = () => null,
      { names, ended, language }: Reading = ALL_OF_IT,
    ): Response {
      if (readers.size >= MAX_READERS) throw tooManyReaders()
      let reader: Reader
      const body = new ReadableStream(
        {
          start(controller) {
            const endReader = () => end(reader)
            reader = {
              mode: { kind: 'catching_up', next: backlog },
              controller,
              names: names && textOf(names),
              language: language ?? 'en',
              stopWaiting: () => ended?.removeEventListener('abort', endReader),
            }
            admit(reader)
            ended?.addEventListener('abort', endReader)
            // Sent even when it is empty, because an answer's head goes with the first part of its body.
            send(reader, encodedFor(reader, greeting) ?? HEARTBEAT)
            catchUp(reader)
          },
          pull: () => catchUp(reader),
          cancel: () => forget(reader),
        },
        QUEUE,
      )
      return streamed(new Response(body, { headers: { ...HEADERS, ...(language && languageHeaders(language)) } }))
    },

    /** Ends all streams. */
    close(): void {
      for (const reader of readers) end(reader)
    },

    size: () => readers.size,
  }
}

const encoder = new TextEncoder()

const textOf = (names: readonly string[]): string => `,${[...new Set(names)].sort().join(',')},`

const wants = (names: string | null, name: string): boolean => names === null || names.includes(`,${name},`)

const isLive = ({ mode }: Reader): boolean => mode.kind === 'live'

/** The events for readers with the same wish, encoded once. */
function chunksOf(events: readonly StreamEvent[]): (wish: Wish) => Uint8Array | null {
  const chunks = new Map<string, Uint8Array | null>()
  return (wish) => {
    const key = `${wish.language} ${wish.names ?? 'all'}`
    const known = chunks.get(key)
    if (known !== undefined) return known
    const chunk = encodedFor(wish, events)
    chunks.set(key, chunk)
    return chunk
  }
}

/** Null where none of the events is wanted. */
function encodedFor({ names, language }: Wish, events: readonly StreamEvent[]): Uint8Array | null {
  const wanted = names === null ? events : events.filter(({ event }) => wants(names, event))
  return wanted.length === 0 ? null : encoder.encode(wanted.map((event) => textIn(language, event)).join(''))
}

function textIn(language: Language, event: StreamEvent): string {
  const data = 'dataIn' in event ? event.dataIn(language) : event.data
  const id = event.id === undefined ? '' : `id: ${event.id}\n`
  return `${id}event: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The answer to a reader beyond the most. */
export const tooManyReaders = () =>
  new Problem(
    503,
    'too_many_readers',
    inEach((words) => words.tooManyReaders(MAX_READERS)),
    { 'retry-after': '5' },
  )
