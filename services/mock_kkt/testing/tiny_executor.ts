/** An executor for tests of the service around it: documents are numbers, and nothing else is checked. */
import { z } from 'zod'
import type { Blocked, Executor, TaskEnd, TaskFault } from '../executor.ts'
import { typeOf } from '../task_type.ts'

const FN = '9999078900000961'
const READS = /^get|^ofd/
const form = z.looseObject({ type: z.string(), total: z.number().optional() })

/** The tasks that were run, in order, with what struck them. */
export type TinyExecutor = Executor & {
  readonly ran: { uuid: string; type: string; fault: TaskFault | null }[]
  lastFd: () => number
  paper: { isOut: boolean }
}

const words = (code: number) => ({ code, description: `Ошибка ${code}` })

export function tinyExecutor(): TinyExecutor {
  const ran: TinyExecutor['ran'] = []
  const paper = { isOut: false }
  let lastFd = 10

  const params = (fd: number, total = 100) => ({ fiscalDocumentNumber: fd, fnNumber: FN, total })
  const ready = (fd: number, warnings: object = {}): TaskEnd => ({
    status: 'ready',
    result: { fiscalParams: params(fd), warnings },
    warnings: null,
  })
  const expects = (task: unknown) => (READS.test(typeOf(task)) ? null : { expectedFd: lastFd + 1, fnNumber: FN })

  function blockedBy(code: number, reason: Blocked['reason'], ms: number, isMade: boolean): TaskEnd {
    const blocked = { expectedFd: lastFd + 1, fnNumber: FN, reason, error: words(code), ms }
    if (isMade) lastFd += 1
    return { status: 'blocked', blocked }
  }

  return {
    ran,
    paper,
    lastFd: () => lastFd,
    check: (task) => (form.safeParse(task).success ? null : { code: 501, description: 'type: поле не найдено' }),
    expects,
    run(task, { uuid, fault, blocksOnPrintErrors }) {
      const type = typeOf(task)
      ran.push({ uuid, type, fault })
      if (READS.test(type)) return { status: 'ready', result: { lastFd }, warnings: null }
      if (fault?.kind === 'error') return { status: 'error', error: words(fault.code) }
      if (fault?.kind === 'blocked') return blockedBy(fault.code, 'connectionError', fault.ms, fault.isMade)
      if (fault?.kind === 'not_printed' && blocksOnPrintErrors) {
        paper.isOut = true
        return blockedBy(44, 'paperError', 1000, true)
      }
      lastFd += 1
      const notPrinted = fault?.kind === 'not_printed' || fault?.kind === 'close_fails_but_closed'
      return ready(lastFd, { notPrinted })
    },
    settle(_task, blocked) {
      if (blocked.reason === 'paperError' && paper.isOut) return { status: 'blocked', blocked }
      return lastFd >= blocked.expectedFd
        ? ready(blocked.expectedFd, { recovered: true })
        : { status: 'error', error: words(123) }
    },
    query: (name) =>
      name === 'ShiftStatus' ? { kind: 'told', body: { shiftStatus: { state: 'opened' } } } : undefined,
    takesMs: (_task, draw) => 200 + draw * 300,
  }
}
