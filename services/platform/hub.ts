import type { Clock } from './clock.ts'
import { streamed } from './listener/answering.ts'
import { Problem } from './problem.ts'
import { createPulse, type Pulse } from './pulse.ts'

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

/** A server-sent event. A reader that connects again names the last `id` that it got. */
export type StreamEvent = { event: string; data: unknown; id?: number }

/**
 * - `catching_up`: it reads its backlog, piece by piece, as fast as it likes;
 * - `live`: it is told each event as it comes.
 */
type Mode = { kind: 'catching_up'; next: () => readonly StreamEvent[] | null } | { kind: 'live' }

type Reader = { mode: Mode; controller: ReadableStreamDefaultController<Uint8Array> }

export type Hub = ReturnType<typeof createHub>

/**
 * Publishes events to readers as server-sent events (the HTML standard's `text/event-stream`). A reader that does not
 * keep up is dropped, and nobody waits for it.
 * @param deps.whileRead begins with the first reader and ends with the last one
 */
export function createHub({ clock, whileRead }: { clock: Clock; whileRead?: Pulse }) {
  const readers = new Set<Reader>()
  const heart = createPulse({ clock, everyMs: HEARTBEAT_MS, beat: () => sendLive(HEARTBEAT) })

  function forget(reader: Reader): void {
    if (!readers.delete(reader) || readers.size > 0) return
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

  function sendLive(chunk: Uint8Array): void {
    for (const reader of readers) if (reader.mode.kind === 'live') send(reader, chunk)
  }

  function admit(reader: Reader): void {
    readers.add(reader)
    if (readers.size > 1) return
    heart.begin()
    whileRead?.begin()
  }

  function catchUp(reader: Reader): void {
    if (reader.mode.kind === 'live') return
    try {
      const events = reader.mode.next()
      if (events === null) reader.mode = { kind: 'live' }
      else send(reader, encoded(events))
    } catch (error) {
      forget(reader)
      reader.controller.error(error)
    }
  }

  return {
    /** @param make the events, in order and at least one; called only when there is a reader */
    publish(make: () => readonly StreamEvent[]): void {
      if (readers.size > 0) sendLive(encoded(make()))
    },

    /**
     * An answer that streams the events.
     * @param greeting the first events for this reader
     * @param backlog the next part of the events that the reader missed, never an empty one; or null when it has all up
     *   to those that will be published. When it throws, the stream breaks off
     * @throws Problem when there are too many readers
     */
    answer(greeting: readonly StreamEvent[], backlog: () => readonly StreamEvent[] | null = () => null): Response {
      if (readers.size >= MAX_READERS) throw tooManyReaders()
      let reader: Reader
      const body = new ReadableStream(
        {
          start(controller) {
            reader = { mode: { kind: 'catching_up', next: backlog }, controller }
            admit(reader)
            send(reader, encoded(greeting))
            catchUp(reader)
          },
          pull: () => catchUp(reader),
          cancel: () => forget(reader),
        },
        QUEUE,
      )
      return streamed(new Response(body, { headers: HEADERS }))
    },

    /** Ends all streams. */
    close(): void {
      for (const reader of readers) end(reader)
    },

    size: () => readers.size,
  }
}

const encoder = new TextEncoder()

const encoded = (events: readonly StreamEvent[]): Uint8Array =>
  encoder.encode(
    events
      .map(
        ({ event, data, id }) =>
          `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
      )
      .join(''),
  )

/** The answer to a reader beyond the most. */
export const tooManyReaders = () =>
  new Problem(
    503,
    'too_many_readers',
    `${MAX_READERS} clients read the stream, which is the most. End one, or ask again later.`,
    {
      headers: { 'retry-after': '5' },
    },
  )
