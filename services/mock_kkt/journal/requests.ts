import { type Database, exclusively } from '@kkt/adapter/src/sqlite/database.ts'
import { migrate } from '@kkt/adapter/src/sqlite/migrate.ts'
import type { TaskState } from '../queue/task_state.ts'
import requestsSql from './requests.sql' with { type: 'text' }
import requests2Sql from './requests_2.sql' with { type: 'text' }

/** The part of a request that never changes. */
export type Asked = { tasks: readonly unknown[]; callbackUrl: string | null }

export type StoredRequest = Asked & {
  /** The ordinal of its arrival, from 1. */
  number: number
  uuid: string
  receivedAtMs: number
  endedAtMs: number | null
  states: readonly TaskState[]
}
/** Where a request stands. `receipts`: the number that its tasks have made. */
type Standing = Pick<StoredRequest, 'uuid' | 'states' | 'endedAtMs'> & { receipts: number }

type Row = {
  number: number
  uuid: string
  received_at_ms: number
  ended_at_ms: number | null
  asked: string
  states: string
}
type Counts = { all: number; unfinished: number; receipts: number; canceled: number }

/** More requests than a test sends. The oldest that have ended are dropped. */
export const MAX_KEPT_REQUESTS = 20_000

const stored = ({ number, uuid, received_at_ms, ended_at_ms, asked, states }: Row): StoredRequest => ({
  ...askedIn(asked),
  number,
  uuid,
  receivedAtMs: received_at_ms,
  endedAtMs: ended_at_ms,
  states: statesIn(states),
})

const askedIn = (text: string): Asked => JSON.parse(text)
const statesIn = (text: string): TaskState[] => JSON.parse(text)

export type RequestJournal = ReturnType<typeof openRequests>

/**
 * The durable queue of the service, and the results that it keeps.
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld
 */
export function openRequests(db: Database) {
  migrate(db, [requestsSql, requests2Sql])
  const columns = 'number, uuid, received_at_ms, ended_at_ms, asked, states'
  const insert = db.prepare('INSERT INTO requests (uuid, received_at_ms, asked, states) VALUES (?, ?, ?, ?)')
  const byUuid = db.prepare<Row>(`SELECT ${columns} FROM requests WHERE uuid = ?`)
  const first = db.prepare<Row>(`SELECT ${columns} FROM requests WHERE ended_at_ms IS NULL ORDER BY number LIMIT 1`)
  const newest = db.prepare<Row>(`SELECT ${columns} FROM requests ORDER BY number DESC LIMIT ?`)
  const update = db.prepare(
    'UPDATE requests SET states = ?, receipts = ?, ended_at_ms = ?, is_canceled = ? WHERE uuid = ?',
  )
  const removeEnded = db.prepare('DELETE FROM requests WHERE ended_at_ms <= ?')
  const removeBeyond = db.prepare(
    'DELETE FROM requests WHERE ended_at_ms IS NOT NULL AND number <= (SELECT max(number) FROM requests) - ?',
  )
  const removeAll = db.prepare('DELETE FROM requests')
  const counts = db.prepare<Counts>(
    `SELECT count(*) AS "all", count(*) - count(ended_at_ms) AS unfinished, coalesce(sum(receipts), 0) AS receipts,
       coalesce(sum(is_canceled), 0) AS canceled
     FROM requests`,
  )
  const unfinished = db.prepare<{ n: number }>('SELECT count(*) AS n FROM requests WHERE ended_at_ms IS NULL')
  const value = db.prepare<{ value: string }>('SELECT value FROM kept WHERE name = ?')
  const keep = db.prepare(
    'INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )

  return {
    add(uuid: string, receivedAtMs: number, { tasks, callbackUrl }: Asked): void {
      insert.run(uuid, receivedAtMs, JSON.stringify({ tasks, callbackUrl }), JSON.stringify(tasks.map(toWait)))
      removeBeyond.run(MAX_KEPT_REQUESTS)
    },
    find(uuid: string): StoredRequest | null {
      const row = byUuid.get(uuid)
      return row ? stored(row) : null
    },
    /** The request whose turn it is. */
    firstUnfinished(): StoredRequest | null {
      const row = first.get()
      return row ? stored(row) : null
    },
    /** Oldest first. */
    newest: (limit: number): StoredRequest[] => newest.all(limit).reverse().map(stored),
    keep({ uuid, states, receipts, endedAtMs }: Standing): void {
      const isCanceled = states.some(({ kind }) => kind === 'canceled')
      update.run(JSON.stringify(states), receipts, endedAtMs, Number(isCanceled), uuid)
    },
    removeEndedThrough: (wallMs: number): void => void removeEnded.run(wallMs),
    removeAll: (): void => void removeAll.run(),
    counts: (): Counts => counts.get() ?? { all: 0, unfinished: 0, receipts: 0, canceled: 0 },
    /** The requests that are in the queue. */
    unfinished: (): number => unfinished.get()?.n ?? 0,
    together: <T>(work: () => T): T => exclusively(db, work),

    /** @returns null for a value that was never kept */
    readValue: (name: string): unknown => JSON.parse(value.get(name)?.value ?? 'null'),
    keepValue: (name: string, kept: unknown): void => void keep.run(name, JSON.stringify(kept)),
    close: () => db.close(),
  }
}

const toWait = (): TaskState => ({ kind: 'wait' })
