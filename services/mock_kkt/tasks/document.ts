/** The run of a task that makes a fiscal document: the document is opened, its positions are registered, and it is closed. */
import type { Blocked, Executor, TaskEnd, TaskFault } from '../executor.ts'
import type { Made, Register } from '../register.ts'
import { blockReasonOf, DriverError, taskError } from './errors.ts'
import { type AnyDocument, documentResult } from './results.ts'
import { done, type Task } from './task.ts'
import { TROUBLE_CODES } from './troubles.ts'

type DocumentTask = Extract<Task, { kind: 'document' }>
type Given = Parameters<Executor['run']>[1]
type Expected = Pick<Blocked, 'expectedFd' | 'fnNumber'>
type MadeDocument = Made<AnyDocument>

/** A queue that waits for paper looks so often whether there is some. */
const PAPER_LOOK_MS = 1000

/** The document that the task would make next. A receipt in a closed shift comes after the shift's opening. */
export function expectedOf(register: Register, { of }: DocumentTask): Expected {
  const { lastFdNumber, fnNumber, shift } = register.state()
  const opensShift = of === 'receipt' && shift.kind === 'closed'
  return { expectedFd: lastFdNumber + (opensShift ? 2 : 1), fnNumber }
}

/** @throws DriverError where no document was made */
export function runDocument(
  register: Register,
  task: DocumentTask,
  { uuid, fault, blocksOnPrintErrors }: Given,
): TaskEnd {
  strike(fault, 'open')
  open(register, task)
  strike(fault, 'position')
  const close = task.prepare(register)
  strike(fault, 'close')
  if (fault?.kind === 'blocked') return breakOff(register, task, fault, () => done(close(uuid, 'printed')))
  const isStuck = fault?.kind === 'not_printed' || fault?.kind === 'close_fails_but_closed'
  const made = done(close(uuid, isStuck ? 'missing' : 'printed'))
  if (!made.isOnPaper && blocksOnPrintErrors) return { status: 'blocked', blocked: withoutPaper(made.doc) }
  return {
    status: 'ready',
    result: documentResult(made.doc, register.registration, { notPrinted: !made.isOnPaper }),
    warnings: made.shiftOpened === undefined ? null : { shiftAutoOpened: true },
  }
}

function strike(fault: TaskFault | null, at: 'open' | 'position' | 'close'): void {
  if (fault?.kind === 'error' && fault.at === at) throw new DriverError(taskError(fault.code))
}

/** Paper that is owed comes out first. */
function open(register: Register, { of }: DocumentTask): void {
  const { trouble, owesPaper, paper } = register.state()
  // The reports tell by themselves which troubles stop them.
  if (of === 'receipt' && trouble !== null && trouble !== 'paper_out') throw new DriverError(TROUBLE_CODES[trouble])
  if (!owesPaper) return
  if (paper === 'out') throw new DriverError(44)
  register.finishPaper()
}

/** The connection breaks while the document is closed. An error that leaves no doubt about the document only fails the task. */
function breakOff(
  register: Register,
  task: DocumentTask,
  { code, isMade, ms }: Extract<TaskFault, { kind: 'blocked' }>,
  close: () => MadeDocument,
): TaskEnd {
  const error = taskError(code)
  const reason = blockReasonOf(code)
  if (reason === null) throw new DriverError(error)
  const { expectedFd, fnNumber } = isMade ? numbersOf(close().doc) : expectedOf(register, task)
  return { status: 'blocked', blocked: { expectedFd, fnNumber, reason, error, ms } }
}

const numbersOf = ({ fdNumber, fnNumber }: AnyDocument): Expected => ({ expectedFd: fdNumber, fnNumber })

const withoutPaper = (doc: AnyDocument): Blocked => ({
  ...numbersOf(doc),
  reason: 'paperError',
  error: taskError(44),
  ms: PAPER_LOOK_MS,
})

/**
 * Looks in the FN for the document of a blocked task. One that waits for paper stays blocked until there is some.
 * @throws DriverError 123 where the FN does not hold it
 */
export function settleDocument(register: Register, task: DocumentTask, blocked: Blocked): TaskEnd {
  const { fnNumber, owesPaper, paper } = register.state()
  const waitsForPaper = blocked.reason === 'paperError'
  if (waitsForPaper) {
    if (owesPaper && paper === 'out') return { status: 'blocked', blocked: { ...blocked, ms: PAPER_LOOK_MS } }
    register.finishPaper()
  }
  const archived = fnNumber === blocked.fnNumber ? register.document(blocked.expectedFd) : null
  if (archived?.kind !== task.of) throw new DriverError(123, `ФД ${blocked.expectedFd}`)
  const warnings = waitsForPaper ? { notPrinted: false } : ({ notPrinted: owesPaper, recovered: true } as const)
  return { status: 'ready', result: documentResult(archived.doc, register.registration, warnings), warnings: null }
}
