import type { Executor, TaskEnd, TaskError } from '../executor.ts'
import type { Register } from '../register.ts'
import { typeOf } from '../task_type.ts'
import { runAct } from './act.ts'
import { expectedOf, runDocument, settleDocument } from './document.ts'
import { DriverError, taskError } from './errors.ts'
import { QUERIES } from './queries.ts'
import { readTask } from './task_types.ts'

/** The times that tasks take. A receipt takes a time between the two. They are read for each task, because they may change. */
export type TaskTimes = { readonly receiptMinMs: number; readonly receiptMaxMs: number }

/** A report takes so many times as long as a receipt. */
const REPORT_FACTOR = 3
const REPORTS: ReadonlySet<string> = new Set(['openShift', 'closeShift', 'reportX', 'reportOfdExchangeStatus'])
/** A question takes this part of a receipt's time. */
const QUESTION_FACTOR = 0.1
const QUESTION = /^get|ExchangeStatus$/

/** The driver of the register. */
export function createExecutor(register: Register, times: TaskTimes): Executor {
  return {
    check(task) {
      const read = attempt(() => readTask(task))
      return read.kind === 'failed' ? read.error : null
    },
    run: (task, given) =>
      endOf(() => {
        const read = readTask(task)
        return read.kind === 'document' ? runDocument(register, read, given) : runAct(register, read, given.fault)
      }),
    settle: (task, blocked) =>
      endOf(() => {
        const read = readTask(task)
        if (read.kind !== 'document') return { status: 'error', error: taskError(123) }
        return settleDocument(register, read, blocked)
      }),
    query: (name, parameters) => QUERIES.get(name)?.(register, parameters),
    expects(task) {
      const read = attempt(() => readTask(task))
      return read.kind === 'done' && read.value.kind === 'document' ? expectedOf(register, read.value) : null
    },
    takesMs(task, draw) {
      const receiptMs = times.receiptMinMs + draw * (times.receiptMaxMs - times.receiptMinMs)
      const type = typeOf(task)
      if (REPORTS.has(type)) return receiptMs * REPORT_FACTOR
      return QUESTION.test(type) ? receiptMs * QUESTION_FACTOR : receiptMs
    },
  }
}

type Attempt<Value> = { kind: 'done'; value: Value } | { kind: 'failed'; error: TaskError }

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { kind: 'done', value: work() }
  } catch (error) {
    if (error instanceof DriverError) return { kind: 'failed', error: error.taskError }
    throw error
  }
}

function endOf(work: () => TaskEnd): TaskEnd {
  const attempted = attempt(work)
  return attempted.kind === 'done' ? attempted.value : { status: 'error', error: attempted.error }
}
