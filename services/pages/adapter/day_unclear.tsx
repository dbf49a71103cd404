import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { type Column, Panel, Table } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { useNow, usePage } from './page.ts'
import { inWords } from './trouble.tsx'
import type { Task, TaskPage } from './wire_kkt.ts'

const PATH = '/v1/kkt/tasks?status=unclear'

/** The tasks of which only a person can tell whether the KKT has done them. It is not there while there is none. */
export function UnclearPanel() {
  const { words, live, clock, changed } = usePage()
  const [wrong, setWrong] = useState('')
  const { value } = useRead(clock, PATH, () => ask<TaskPage>(PATH), live.news)
  const settle = ({ task_id: id }: Task, done: boolean) => {
    if (!confirm(done ? words.day.askDone : words.day.askNotDone)) return
    const settled = ask(`/v1/kkt/task/${id}/settle`, { method: 'POST', body: { done } }).then(
      () => '',
      (error: unknown) => inWords(error, words),
    )
    void settled.then((text) => {
      setWrong(text)
      changed()
    })
  }
  const tasks = value?.tasks ?? []
  if (tasks.length === 0 && wrong === '') return null
  return (
    <Panel id="unclear" title={words.day.unclearTitle}>
      <p>{words.day.unclearText}</p>
      <p role="alert" class={wrong ? 'wrong' : ''}>
        {wrong}
      </p>
      <TasksTable tasks={tasks} onSettle={settle} />
    </Panel>
  )
}

type TasksTableProps = { tasks: readonly Task[]; onSettle: (task: Task, done: boolean) => void }

function TasksTable({ tasks, onSettle }: TasksTableProps) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const columns: readonly Column<Task>[] = [
    { title: words.day.time, isBare: true, isWhole: true, cell: ({ created_at: at }) => format.time(at, nowMs) },
    { title: words.day.what, isBare: true, cell: ({ kind }) => words.day.kinds[kind] },
    {
      title: words.day.sum,
      isNumber: true,
      cell: ({ amount }) => (amount === undefined ? null : format.roubles(amount)),
    },
    { title: words.day.why, isBare: true, cell: ({ last_error }) => last_error },
    {
      title: words.dlq.do,
      isBare: true,
      cell: (task) => (
        <span class="actions">
          <button type="button" onClick={() => onSettle(task, true)}>
            {words.day.wasDone}
          </button>
          <button type="button" onClick={() => onSettle(task, false)}>
            {words.day.wasNotDone}
          </button>
        </span>
      ),
    },
  ]
  return <Table label={words.day.unclearTitle} columns={columns} rows={tasks} keyOf={({ task_id }) => task_id} />
}
