import { makesDocument, TASK_TRANSITIONS, type TaskKind, type TaskStatus } from '@kkt/adapter/src/domain/task.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { DeviceAnswer } from '../world/device.ts'
import type { SimNode } from '../world/node.ts'
import type { Findings } from './findings.ts'
import type { JournalCheck } from './journal_check.ts'
import type { ShiftBooks } from './shift_books.ts'
import type { Subjects } from './subjects.ts'

/** A task in the model. */
export type TrackedTask = {
  id: string
  kind: TaskKind
  /** The order of its acceptance, from 1. */
  number: number
  /** Null: nobody gave it one. */
  key: string | null
  status: TaskStatus
  /** The adapter's knowledge of it. `unclear` means that the KKT may have done it and must be asked. */
  atKkt: 'none' | 'unclear' | 'done'
  /** The FN that was in the KKT when the KKT was asked to do it. */
  handedTo: string | null
  /** How often the KKT has done it. */
  timesDone: number
  /** It ended without its outcome being known: a report or a copy that a person may ask for again, or work at an FN that was replaced. */
  wasGivenUp: boolean
  /** The commit that removed it. */
  prunedAt: number | null
}

type EventRow = { id: number; from_state: TaskStatus | null; to_state: TaskStatus; detail: string }
type DoneRow = { number: number; task_id: string; kind: TaskKind; amount_kopecks: number; drawer: number | null }
type TaskRow = { kind: TaskKind; key: string | null; status: TaskStatus }
/** A process's last answer from the KKT about a task. */
type Heard = { what: 'perform' | 'lookupTask'; answer: DeviceAnswer }

const ENDS: readonly TaskStatus[] = ['done', 'refused']
/** An event's words begin with the kind and the id. */
const ABOUT = /^\w+ ([0-9a-f-]{36})/

/** Invariant 14: the KKT does each of its tasks once, and the journal tells of them what the KKT has said. */
export class TaskCheck {
  readonly all = new Map<string, TrackedTask>()
  #events
  #row
  #there
  #done
  #lastEventId = 0
  #lastDone = 0
  /** By process and task. */
  #heard = new Map<string, Heard>()
  /** Told of a key that is free again. */
  onPruned: (key: string, commit: number) => void = () => undefined

  constructor(
    { journalDb, kktDb }: { journalDb: Database; kktDb: Database },
    private readonly deps: { findings: Findings; journal: () => JournalCheck; subjects: Subjects | null },
  ) {
    this.#events = journalDb.prepare<EventRow>(
      "SELECT id, from_state, to_state, detail FROM events WHERE kind = 'task' AND id > ? ORDER BY id",
    )
    this.#row = journalDb.prepare<TaskRow>('SELECT kind, idempotency_key AS key, status FROM tasks WHERE task_id = ?')
    this.#there = journalDb.prepare<{ task_id: string }>('SELECT task_id FROM tasks')
    this.#done = kktDb.prepare<DoneRow>(
      `SELECT number, task_id, kind, amount_kopecks, result ->> '$.drawerKopecks' AS drawer FROM tasks
       WHERE number > ? ORDER BY number`,
    )
  }

  name = (id: string): string => {
    const task = this.all.get(id)
    return task ? `${task.kind.replace('_', ' ')} ${task.key ?? `number ${task.number}`}` : id
  }

  /** The task that was accepted last under this key. */
  ofKey = (key: string): TrackedTask | undefined => [...this.all.values()].findLast((task) => task.key === key)

  /** Those that have not ended. */
  get open(): TrackedTask[] {
    return [...this.all.values()].filter(({ status }) => !ENDS.includes(status))
  }

  /** @param by the committing process. @param writer the process whose commits may move tasks */
  committed(by: string, writer: string | null, commit: number): void {
    for (const event of this.#events.all(this.#lastEventId)) {
      this.#lastEventId = event.id
      const [, id = ''] = ABOUT.exec(event.detail) ?? []
      const task = this.all.get(id)
      if (event.from_state === null) this.#accepted(id)
      else if (task) this.#moved(task, event.from_state, event.to_state, { by, writer })
      else this.deps.findings.violated('tasks', `${event.detail} is not known`)
    }
    if (this.deps.journal().prunes.receipts) this.#findPruned(commit)
  }

  #accepted(id: string): void {
    const row = this.#row.get(id)
    if (!row) {
      this.deps.findings.violated('tasks', `task ${id} is accepted, and not in the journal`)
      return
    }
    const { kind, key } = row
    this.deps.findings.count('tasks', `new ${kind}`)
    this.all.set(id, {
      id,
      kind,
      number: this.all.size + 1,
      key,
      status: 'accepted',
      atKkt: 'none',
      handedTo: null,
      timesDone: 0,
      wasGivenUp: false,
      prunedAt: null,
    })
  }

  #moved(task: TrackedTask, from: TaskStatus, to: TaskStatus, { by, writer }: { by: string; writer: string | null }) {
    const { findings } = this.deps
    const name = this.name(task.id)
    const next: readonly string[] = TASK_TRANSITIONS[from]
    findings.count('transitions of tasks', `${from} > ${to}`)
    findings.tell(`${name} goes from ${from} to ${to}`)
    // An attempt to have a register do it leaves the status as it is.
    const isAttempt = from === 'asked' && to === 'asked'
    if (task.status !== from || !(isAttempt || next.includes(to)))
      findings.violated('tasks', `${name} was ${task.status}, and went from ${from} to ${to}`)
    if (from !== 'unclear' && by !== writer)
      findings.violated('invariant 6', `${by} took ${name} from ${from} to ${to}, and ${writer} holds the lease`)
    task.status = to
    if (to === 'asked' || from === 'unclear') return
    const heard = this.#heard.get(`${by} ${task.id}`)
    if (!isSaid(task, from, to, heard))
      findings.violated(
        'invariant 14',
        `${name} goes from ${from} to ${to}, and the KKT has said ${heard?.answer.kind ?? 'nothing'} of it`,
      )
    if (from === 'unknown' && to === 'refused') task.wasGivenUp = true
  }

  /** Only tasks that have ended are removed. */
  #findPruned(commit: number): void {
    const kept = new Set(this.#there.all().map(({ task_id }) => task_id))
    for (const task of this.all.values()) {
      if (kept.has(task.id) || task.prunedAt !== null) continue
      task.prunedAt = commit
      this.deps.findings.count('tasks', 'pruned')
      if (!ENDS.includes(task.status))
        this.deps.findings.violated('invariant 14', `${this.name(task.id)} is ${task.status}, and was pruned`)
      if (task.key !== null) this.onPruned(task.key, commit)
    }
  }

  /** The device has committed something. */
  doneAtKkt(books: ShiftBooks): void {
    for (const { number, task_id: own, kind, amount_kopecks: kopecks, drawer } of this.#done.all(this.#lastDone)) {
      this.#lastDone = number
      const id = this.deps.subjects?.atWork ?? own
      if (kind === 'cash_in' || kind === 'cash_out') books.moved(kind, kopecks)
      books.saysDrawer(this.name(id), drawer)
      this.#isDone(id, kind)
    }
  }

  #isDone(id: string, kind: TaskKind): void {
    const { findings } = this.deps
    const [task, name] = [this.all.get(id), this.name(id)]
    findings.count('tasks', `done by the KKT: ${kind}`)
    findings.tell(`the KKT has done ${name}`)
    if (!task) findings.violated('invariant 14', `the KKT has done ${kind} ${id}, which is not in the journal`)
    else {
      task.timesDone += 1
      if (task.timesDone > 1) findings.violated('invariant 14', `the KKT has done ${name} ${task.timesDone} times`)
    }
  }

  /** The FN has a new document of a shift. @param id of the task that a register does now */
  madeDocument(kind: 'shift_opening' | 'shift_closing', id: string | null): void {
    const task = id === null ? undefined : this.all.get(id)
    const made = kind === 'shift_opening' ? 'open_shift' : 'close_shift'
    if (task?.kind === made) this.#isDone(task.id, made)
  }

  /** A register has done what leaves no trace in its memory. */
  printed(id: string | null): void {
    const task = id === null ? undefined : this.all.get(id)
    if (task?.kind === 'x_report' || task?.kind === 'copy') this.#isDone(task.id, task.kind)
  }

  /** @param inKkt the FN */
  asked({ name, self }: SimNode, what: 'perform' | 'lookupTask', id: string, inKkt: string): void {
    const { findings, journal } = this.deps
    const task = this.all.get(id)
    if (!task) {
      findings.violated('invariant 14', `${name} asks the KKT for task ${id}, which is not journaled`)
      return
    }
    if (what === 'lookupTask') return
    if (task.atKkt !== 'none') {
      const why = task.atKkt === 'done' ? 'is done already' : 'it may have done already, without looking it up'
      findings.violated('invariant 14', `${name} has the KKT do ${this.name(id)}, which ${why}`)
    }
    if (task.status !== 'asked')
      findings.violated('invariant 14', `${name} has the KKT do ${this.name(id)}, which is journaled as ${task.status}`)
    if (journal().holder !== self)
      findings.violated('invariant 6', `${name} has the KKT do ${this.name(id)}, and does not hold the lease`)
    task.atKkt = 'unclear'
    task.handedTo = inKkt
  }

  answered({ self }: SimNode, what: 'perform' | 'lookupTask', id: string, answer: DeviceAnswer): void {
    const task = this.all.get(id)
    if (!task) return
    this.#heard.set(`${self} ${id}`, { what, answer })
    const { kind } = answer
    if (kind === 'done') task.atKkt = 'done'
    const isNotDone = what === 'perform' ? kind === 'refused' || kind === 'outdated' : kind === 'absent'
    if (isNotDone && isOfItsFn(task, answer)) task.atKkt = 'none'
  }

  /** Each task has ended, and the KKT has done it as often as the journal says. */
  compare(): void {
    const { findings } = this.deps
    for (const { id, status, timesDone, wasGivenUp, prunedAt } of this.all.values()) {
      findings.count('ends of tasks', wasGivenUp ? 'given up' : status)
      const expected = status === 'done' ? 1 : 0
      if (timesDone !== expected && !wasGivenUp)
        findings.violated('invariant 14', `${this.name(id)} is ${status}, and the KKT has done it ${timesDone} times`)
      const row = this.#row.get(id)
      if (prunedAt === null && row?.status !== status)
        findings.violated('tasks', `${this.name(id)} is ${row?.status}, and its events say ${status}`)
    }
  }
}

/** Another FN cannot say that a document was not made. */
const isOfItsFn = ({ handedTo }: TrackedTask, { fnNumber }: DeviceAnswer) =>
  handedTo === null || fnNumber === undefined || handedTo === fnNumber

/** Whether the KKT has said what the journal says of a task. */
function isSaid(task: TrackedTask, from: TaskStatus, to: TaskStatus, heard: Heard | undefined): boolean {
  // The adapter finds that there is nothing to do, or nobody has heard anything.
  if (from === 'accepted') return to === 'refused' && makesDocument(task.kind)
  // A process that could not record an answer asks again.
  if (to === 'unknown') return true
  const kind = heard?.answer.kind
  if (from === 'asked')
    return heard?.what === 'perform' && (to === 'done' ? kind === 'done' : kind === 'refused' || kind === 'outdated')
  if (heard?.what !== 'lookupTask') return false
  if (to === 'done') return kind === 'done'
  if (to === 'accepted') return kind === 'absent' && isOfItsFn(task, heard.answer)
  return kind === 'untellable' || kind === 'absent'
}
