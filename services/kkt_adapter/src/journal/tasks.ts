import { type Actor, namesOf, ownedKey } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { Task, TaskId, TaskWork } from '../domain/task.ts'
import { isSameWork, type WantedWork } from '../domain/wanted_work.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { createTaskQueries, type TaskQueries } from './task_queries.ts'
import { createTaskTransitions, type TaskDeps, taskInWords } from './task_transitions.ts'
import type { HybridClock } from './totals.ts'

/** An earlier request with the same key. */
export type KnownTask =
  | { kind: 'known'; task: Task }
  /** The key was used for something else. `taskId` null: for a receipt. */
  | { kind: 'key_reused'; taskId: TaskId | null }

export type TaskIntake =
  | { kind: 'accepted'; task: Task }
  /** The same opening or closing is under way already. */
  | { kind: 'joined'; task: Task }
  /** So many wait for the KKT that no more is taken. */
  | { kind: 'full' }
  | KnownTask

/** Tasks that wait for the KKT. A KKT that is off for days would do all of them when it comes back. */
export const MOST_WAITING = 100

/** `isUrgent`: the KKT does it before everything that waits. */
export type NewTask = { work: TaskWork; key: IdempotencyKey | null; isUrgent?: boolean }

type Deps = TaskDeps & { mintTaskId: (clock: HybridClock) => TaskId; keyOwners: () => string[] }

/** The work of the KKT that is no receipt. */
export function createTasks(db: Database, deps: Deps) {
  const reads = createTaskQueries(db)
  /** The names under which a key counts. Without tokens a key of any owner does. */
  const namesFor = (key: IdempotencyKey, owner: string | null): IdempotencyKey[] =>
    owner === null ? namesOf(key, deps.keyOwners()) : [ownedKey(owner, key), key]
  const known = createKnownTasks(db, { reads, namesFor })
  const journalNew = createJournalNew(db, deps)
  const hasten = db.prepare('UPDATE tasks SET after_seq = 0 WHERE task_id = ? AND after_seq > 0')
  return {
    reads: { ...reads, known },
    ofKey: (key: IdempotencyKey, owner: string | null): TaskId | null => reads.ofKeys(namesFor(key, owner))?.id ?? null,
    verbs: {
      /**
       * Journals a task as `accepted`, unless its key is known, it is under way already and needs no key, or too many wait. One that
       * is urgent is always taken.
       */
      acceptTask({ work, key, isUrgent = false }: NewTask, actor: Actor): TaskIntake {
        const earlier = key === null ? null : known(work, key, actor)
        if (earlier) return earlier
        const underWay = key === null ? equalTo(work, reads) : null
        if (underWay) {
          if (isUrgent) hasten.run(underWay.id)
          return { kind: 'joined', task: underWay }
        }
        if (!isUrgent && reads.countWaiting() >= MOST_WAITING) return { kind: 'full' }
        return { kind: 'accepted', task: journalNew({ work, key, isUrgent }, actor) }
      },
      ...createTaskTransitions(db, deps),
    },
  }
}

/** A shift is opened and closed once, however many ask for it. */
function equalTo(work: TaskWork, { underWay }: TaskQueries): Task | null {
  if (work.kind === 'open_shift') return underWay(work.kind, null)
  return work.kind === 'close_shift' ? underWay(work.kind, work.shiftNumber) : null
}

type NamesFor = (key: IdempotencyKey, owner: string | null) => IdempotencyKey[]

/** Finds what a key was used for. */
function createKnownTasks(db: Database, { reads, namesFor }: { reads: TaskQueries; namesFor: NamesFor }) {
  const receiptOf = db.prepare<{ seq: number }>(
    'SELECT seq FROM sales WHERE idempotency_key IN (SELECT value FROM json_each(?)) LIMIT 1',
  )
  return (work: WantedWork, key: IdempotencyKey, { owner }: Actor): KnownTask | null => {
    const keys = namesFor(key, owner)
    const task = reads.ofKeys(keys)
    if (task) return isSameWork(task.work, work) ? { kind: 'known', task } : { kind: 'key_reused', taskId: task.id }
    return receiptOf.get(JSON.stringify(keys)) === undefined ? null : { kind: 'key_reused', taskId: null }
  }
}

function createJournalNew(
  db: Database,
  { wallMs, gathered, mintTaskId }: { wallMs: () => number; gathered: Gathered; mintTaskId: Deps['mintTaskId'] },
) {
  const addOwner = db.prepare('INSERT OR IGNORE INTO key_owners (name) VALUES (?)')
  const insert = db.prepare(
    `INSERT INTO tasks (task_id, idempotency_key, kind, work, status, after_seq, who, created_at_ms, changed_at_ms)
     VALUES (?1, ?2, ?3, ?4, 'accepted', ?5, ?6, ?7, ?7)`,
  )
  return ({ work, key, isUrgent }: Required<NewTask>, { owner, who }: Actor): Task => {
    const totals = gathered.change()
    const nowMs = wallMs()
    const id = mintTaskId({ lastReceiptId: totals.last_receipt_id, mergedMs: totals.merged_ms })
    totals.last_receipt_id = id
    if (owner !== null && key !== null) addOwner.run(owner)
    const name = owner === null || key === null ? key : ownedKey(owner, key)
    insert.run(id, name, work.kind, JSON.stringify(work), isUrgent ? 0 : totals.last_seq, who, nowMs)
    const detail = taskInWords(work.kind, id, null)
    gathered.note({ atMs: nowMs, kind: 'task', receiptId: null, from: null, to: 'accepted', detail, who })
    return {
      id,
      work,
      status: 'accepted',
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      result: null,
      drawer: null,
      lastError: null,
      fnNumber: null,
    }
  }
}

/** Removes tasks that have ended, with their keys and attempts. */
export function createPruneTasks(db: Database) {
  const prune = db.prepare<{ task_id: TaskId }>(
    `DELETE FROM tasks WHERE task_id IN (
       SELECT task_id FROM tasks INDEXED BY tasks_ended WHERE (status = 'done' OR status = 'refused') AND changed_at_ms < ?1
       ORDER BY changed_at_ms LIMIT 0 + ?2) RETURNING task_id`,
  )
  const removeAttempts = db.prepare('DELETE FROM attempts WHERE subject_id = ?')
  return (beforeMs: number, limit: number): number => {
    const gone = prune.all(beforeMs, limit)
    for (const { task_id } of gone) removeAttempts.run(task_id)
    return gone.length
  }
}
