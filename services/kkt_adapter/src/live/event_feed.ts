import type { Clock } from '@kkt/platform/clock.ts'
import { createHub, type Reading, type StreamEvent } from '@kkt/platform/hub.ts'
import { createPulse } from '@kkt/platform/pulse.ts'
import { EVENT_KINDS, type LoggedEntries, lastIdOf } from '../journal/audit.ts'
import { type AuditEvent, eventsOf } from '../journal/events.ts'
import { type Journal, StorageFailure } from '../journal/journal.ts'

/** The interval of looking into the log for readers: another process may have written to it. */
const LOOK_EVERY_MS = 500
/** A reader that missed more is better served by the present state, and by `GET /v1/kkt/buffer/events`. */
const MOST_MISSED = 10_000
/** The events of one read of the log, which takes less than a millisecond. */
const PIECE = 200

/**
 * The first event for a reader.
 * - `fresh`: the next one that comes;
 * - `resumed`: the one behind the last that it got;
 * - `reset`: the next one that comes, although it asked for those behind an earlier one. `reason` says why.
 */
export type Start =
  | { kind: 'fresh' | 'resumed' }
  | { kind: 'reset'; reason: 'too_far_behind' | 'events_removed' | 'no_such_event' }

type EventFeedDeps = {
  journal: Journal
  clock: Clock
  show: (event: AuditEvent) => StreamEvent
  /** Called twice a second while there are readers, after a look into the log. It never rejects. */
  beat: () => Promise<void>
}

/** Streams the audit log to readers: its events as they are committed, and before them those that a reader missed. */
export function createEventFeed({ journal, clock, show, beat }: EventFeedDeps) {
  const { events } = journal
  /** The last event that was published. It stands still while there is no reader. */
  let toldId = 0

  const hub = createHub({
    clock,
    whileRead: createPulse({
      clock,
      everyMs: LOOK_EVERY_MS,
      async beat() {
        look()
        await beat()
      },
    }),
  })

  function publish(committed: readonly AuditEvent[]): void {
    toldId = committed.at(-1)?.id ?? toldId
    hub.publish(() => committed.map(show))
  }

  /** A commit of thousands of receipts costs nothing where the readers want other events only. */
  function publishLogged(logged: readonly LoggedEntries[]): void {
    for (const entries of logged) toldId = lastIdOf(entries)
    hub.publish(() =>
      logged
        .filter(({ kind }) => hub.isWanted(kind))
        .flatMap(eventsOf)
        .map(show),
    )
  }

  /** Publishes what the log has behind the last event. After a failure of the disk the next look tries again. */
  function look(): void {
    try {
      for (let next = events.after(toldId, PIECE); next.length > 0; next = events.after(toldId, PIECE)) publish(next)
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
    }
  }

  journal.onCommit(({ logged }) => {
    const [first] = logged
    if (hub.size() === 0 || first === undefined) return
    if (first.firstId === toldId + 1) publishLogged(logged)
    else look()
  })

  function startFor(lastEventId: number | null): Start {
    if (lastEventId === null) return { kind: 'fresh' }
    if (lastEventId > toldId) return { kind: 'reset', reason: 'no_such_event' }
    if (toldId - lastEventId > MOST_MISSED) return { kind: 'reset', reason: 'too_far_behind' }
    return events.hasAllAfter(lastEventId) ? { kind: 'resumed' } : { kind: 'reset', reason: 'events_removed' }
  }

  return {
    /** Tells every reader events that are not in the log. */
    announce: hub.announce,
    hasReaders: () => hub.size() > 0,
    close: hub.close,
    /**
     * @param lastEventId the number of the last event that the reader got; null for a new reader
     * @param greet makes the reader's first events; `atId` is the number of the last event before those that follow
     * @throws StorageFailure, Problem
     */
    answer(
      lastEventId: number | null,
      reading: Reading,
      greet: (start: Start, atId: number) => StreamEvent[],
    ): Response {
      if (hub.size() === 0) toldId = events.lastId()
      else look()
      const start = startFor(lastEventId)
      const readsLog = reading.names === null || EVENT_KINDS.some((kind) => reading.names?.includes(kind))
      let atId = readsLog && start.kind === 'resumed' && lastEventId !== null ? lastEventId : toldId
      return hub.answer(
        greet(start, atId),
        () => {
          // Later events are still to be published, and numbers may have gaps where old events were removed.
          const missed = atId < toldId ? events.after(atId, PIECE).filter(({ id }) => id <= toldId) : []
          atId = missed.at(-1)?.id ?? toldId
          return missed.length > 0 ? missed.map(show) : null
        },
        reading,
      )
    },
  }
}
