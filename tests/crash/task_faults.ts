/** Invariant 14: every task of the KKT once, and as the office was told. */
import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { eventually } from '../harness/eventually.ts'
import { type at, expectBody } from '../harness/http.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import type { FnDocument } from '../harness/wire_kkt.ts'
import { kktTasks } from '../harness/wire_kkt.ts'
import type { Asked } from './office.ts'

const journaledTask = z.looseObject({
  task_id: z.string(),
  kind: z.string(),
  status: z.string(),
  amount: z.number().optional(),
  shift_number: z.int().optional(),
  fiscal_doc: z.looseObject({ fn_number: z.string(), fiscal_doc_number: z.int() }).nullable(),
})
/** A task as the journal has it. */
export type Journaled = z.infer<typeof journaledTask>

/** Everything that the office, the journal and the KKT hold of tasks, once none is under way. */
export type TaskHistory = {
  asked: readonly Asked[]
  journal: readonly Journaled[]
  /** The ids of the tasks that the KKT has done. */
  done: readonly string[]
  fn: readonly (FnDocument & { fn_number?: string })[]
  /** Whether the journal was damaged during the run, so that it may have lost tasks. */
  isLossy: boolean
}

/** Everything that is wrong, one a line. */
export function taskFaults(history: TaskHistory): string[] {
  return [...ofKkt(history), ...ofJournal(history), ...ofOffice(history), ...ofShifts(history)]
}

function* ofKkt({ done, journal, isLossy }: TaskHistory): Iterable<string> {
  const statusOf = new Map(journal.map(({ task_id, status }) => [task_id, status]))
  for (const [id, times] of timesOf(done)) {
    if (times > 1) yield `task ${id} was done ${times} times`
    const status = statusOf.get(id)
    if (status === undefined && !isLossy) yield `task ${id} was done, and is not in the journal`
    if (status !== undefined && status !== 'done') yield `task ${id} was done, and is ${status} in the journal`
  }
}

function* ofJournal({ done, journal }: TaskHistory): Iterable<string> {
  const known = new Set(done)
  for (const { task_id: id, status } of journal) {
    if (status === 'done' && !known.has(id)) yield `task ${id} is done in the journal, and the KKT has not done it`
    if (!ENDS.includes(status)) yield `task ${id} is still ${status} in the end`
  }
}

/** The words of an answer, and the state that its task must have; null for any. */
const ANSWERED = {
  done: { words: 'done', must: 'done' },
  not_taken: { words: 'not taken in the end', must: 'refused' },
  refused: { words: 'refused', must: null },
} as const

function* ofOffice({ asked, journal, isLossy }: TaskHistory): Iterable<string> {
  const statusOf = new Map(journal.map(({ task_id, status }) => [task_id, status]))
  for (const { key, kind, taskIds, end } of asked) {
    if (end === null) yield `${key} of the office, ${kind}, was never answered`
    if (isLossy) continue
    if (taskIds.size > 1) yield `${key} of the office was answered with tasks ${[...taskIds].join(', ')}`
    for (const id of taskIds) {
      const status = statusOf.get(id)
      const { words, must } = ANSWERED[end ?? 'refused']
      if (must !== null && status !== must) yield `task ${id} was answered as ${words}, and is ${status} in the journal`
    }
  }
}

/** Each shift has one opening and one closing at most. */
function* ofShifts({ fn }: TaskHistory): Iterable<string> {
  const ofShift = fn.filter(({ kind }) => kind === 'shift_opening' || kind === 'shift_closing')
  for (const [what, times] of timesOf(
    ofShift.map(
      ({ kind, shift_number, fn_number }) =>
        `${kind} of shift ${shift_number}${fn_number ? ` of FN ${fn_number}` : ''}`,
    ),
  ))
    if (times > 1) yield `${times} times: ${what}`
}

function timesOf(items: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const item of items) times.set(item, (times.get(item) ?? 0) + 1)
  return times
}

type Adapter = Pick<ReturnType<typeof at>, 'get'>

const ENDS = ['done', 'refused']
const PAGE = 1000
const MOST_OF_JOURNAL = 100
const journaled = z.looseObject({
  tasks: z.array(journaledTask),
  next_cursor: z.string().nullable(),
})

/** Waits until no task is under way. */
export async function allTasksEnded(adapter: Adapter, waits: { withinMs: number; clock: Clock }): Promise<void> {
  await eventually('every task to end', () => allJournaled(adapter), {
    ...waits,
    until: (tasks) => {
      throwIfInterrupted()
      return tasks.every(({ status }) => ENDS.includes(status))
    },
  })
}

/**
 * Reads what the journal and the KKT hold of tasks.
 * @param done tells the ids of the tasks that the KKT has done. @default by the control of the adapter's own mock KKT
 */
export async function collectTasks(
  adapter: Adapter,
  done?: (journal: readonly Journaled[]) => string[],
): Promise<Pick<TaskHistory, 'journal' | 'done'>> {
  const journal = await allJournaled(adapter)
  return { journal, done: done ? done(journal) : await allDone(adapter) }
}

async function allJournaled({ get }: Adapter): Promise<Journaled[]> {
  const all: Journaled[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const behind = cursor === '' ? '' : `&cursor=${cursor}`
    const page: z.output<typeof journaled> = expectBody(
      await get(`/v1/kkt/tasks?limit=${MOST_OF_JOURNAL}${behind}`),
      200,
      journaled,
    )
    all.push(...page.tasks)
    cursor = page.next_cursor
  }
  return all
}

async function allDone({ get }: Adapter): Promise<string[]> {
  const ids: string[] = []
  for (let after = 0; ; ) {
    const { tasks } = expectBody(await get(`/v1/kkt/_test/tasks?limit=${PAGE}&after=${after}`), 200, kktTasks)
    ids.push(...tasks.map(({ task_id }) => task_id))
    after = tasks.at(-1)?.number ?? after
    if (tasks.length < PAGE) return ids
  }
}
