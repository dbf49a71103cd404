import type { Clock } from '@kkt/platform/clock.ts'
import type { KktState } from '../domain/kkt.ts'
import type {
  Cannot,
  FnDocument,
  KktKeyLookup,
  KktLookup,
  KktOutcome,
  KktTask,
  ReprintOutcome,
  TaskLookup,
  TaskOutcome,
  ToFiscalize,
} from '../domain/kkt_outcome.ts'
import type { FiscalDoc, IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { noTotals, type ShiftDocument, type ShiftState } from '../domain/shift.ts'
import type { TaskId, TaskResult, TaskWork } from '../domain/task.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { fiscalDoc, lastFd, nextFd } from './kit.ts'
import { shiftDoc } from './shift_documents.ts'

const HOURS_24_MS = 24 * 60 * 60 * 1000

/** The report of a KKT that is well. */
export const kktState = (): KktState => ({
  kktNumber: 'KKT-001',
  fnNumber: '9999000000000001',
  shiftNumber: 1,
  lastFdNumber: 0,
  trouble: null,
  shift: { kind: 'opened', number: 1, openedAtMs: 0, expiresAtMs: Date.UTC(2100, 0, 1) },
  drawerKopecks: null,
  fnValidUntil: '2027-06-30',
  fnDaysLeft: 400,
  fnFlags: [],
  unsent: { count: 0, firstFd: null, sinceMs: null },
  clockMs: 0,
  paperSupply: 'present',
  ffdVersion: '1.2',
  registrationNumber: '0000000000012345',
  serialNumber: 'TEST0000000001',
  taxationSystems: ['osn'],
})

/** A KKT that fiscalises every receipt in order, unless a test sets another answer for one. */
export class TestKkt implements KktDriver {
  /** It plays a real KKT. */
  isMock = false
  readonly handed: ReceiptId[] = []
  readonly lookedUp: ReceiptId[] = []
  readonly documents = new Map<ReceiptId, FiscalDoc>()
  onFiscalize: (id: ReceiptId, make: () => FiscalDoc) => Promise<KktOutcome> = async (_id, make) => ({
    kind: 'done',
    doc: make(),
    paper: 'printed',
  })
  onLookup: (id: ReceiptId) => Promise<KktLookup> = async (id) => {
    const doc = this.documents.get(id)
    return doc ? { kind: 'found', doc, paper: 'printed' } : { kind: 'absent', fnNumber: this.fnNumber }
  }
  onCannot: (content: ReceiptContent) => Cannot | null = () => null
  onReprint: (id: ReceiptId) => Promise<ReprintOutcome> = async () => ({ kind: 'done' })
  /** The trouble in its report. */
  trouble: KktState['trouble'] = null
  readonly reprinted: ReceiptId[] = []
  /** Of the FN that is in it. */
  fnNumber = '9999000000000001'
  /** A shift is open, and ends long after each test. */
  shift: ShiftState = { kind: 'opened', number: 1, openedAtMs: 0, expiresAtMs: Number.MAX_SAFE_INTEGER }
  /** Null: it keeps no sum. */
  drawerKopecks: number | null = null
  clockMs = 0
  /** The clock that it goes by, instead of `clockMs`. */
  clock: Pick<Clock, 'wallMs'> | null = null
  /** Every task that it was handed, repetitions included. */
  readonly tasks: TaskId[] = []
  readonly tasksLookedUp: TaskId[] = []
  /** The tasks that it has done. */
  readonly done = new Map<TaskId, TaskResult>()
  onPerform: (task: KktTask, perform: () => TaskOutcome) => Promise<TaskOutcome> = async (_task, perform) => perform()
  onLookupTask: (task: KktTask) => Promise<TaskLookup> = async ({ id }) => {
    const result = this.done.get(id)
    return result ? { kind: 'done', result } : { kind: 'absent', fnNumber: this.fnNumber }
  }

  onLookupKey: (key: IdempotencyKey) => Promise<KktKeyLookup> = async () => ({ kind: 'absent' })
  /** The documents that its FN holds besides those made here. */
  onDocumentsAfter: (fdNumber: number) => Promise<FnDocument[] | null> = async () => []
  readonly keysLookedUp: IdempotencyKey[] = []
  /** The number of receipts that it takes at once. */
  takes = 1
  cannot(content: ReceiptContent): Cannot | null {
    return this.onCannot(content)
  }

  fiscalize(receipts: readonly ToFiscalize[]): Promise<KktOutcome[]> {
    const take = ({ id }: ToFiscalize) => {
      this.handed.push(id)
      return this.onFiscalize(id, () => this.#make(id))
    }
    return Promise.all(receipts.slice(0, this.takes).map(take))
  }

  #make(id: ReceiptId): FiscalDoc {
    const doc = { ...fiscalDoc(nextFd()), fnNumber: this.fnNumber }
    this.documents.set(id, doc)
    return doc
  }

  /** Answers in a later turn, as a remote device does, so that a loop of look-ups lets other work run. */
  async lookup(id: ReceiptId): Promise<KktLookup> {
    this.lookedUp.push(id)
    await new Promise((resolve) => setImmediate(resolve))
    return this.onLookup(id)
  }

  lookupKey: KktDriver['lookupKey'] = (key) => {
    this.keysLookedUp.push(key)
    return this.onLookupKey(key)
  }

  documentsAfter(fdNumber: number): Promise<FnDocument[] | null> {
    return this.onDocumentsAfter(fdNumber)
  }

  reprint(id: ReceiptId): Promise<ReprintOutcome> {
    this.reprinted.push(id)
    return this.onReprint(id)
  }

  perform(task: KktTask): Promise<TaskOutcome> {
    this.tasks.push(task.id)
    return this.onPerform(task, () => this.#perform(task))
  }

  lookupTask(task: KktTask): Promise<TaskLookup> {
    this.tasksLookedUp.push(task.id)
    return this.onLookupTask(task)
  }

  #perform({ id, work }: KktTask): TaskOutcome {
    const fault = this.#faultOf(work)
    if (fault !== null) return { kind: 'refused', isLasting: true, reason: fault }
    const totals = work.kind === 'x_report' || work.kind === 'close_shift' ? noTotals() : null
    const result = { doc: this.#carryOut(work), totals, drawerKopecks: this.drawerKopecks }
    this.done.set(id, result)
    return { kind: 'done', result }
  }

  #faultOf(work: TaskWork): string | null {
    const isOpen = this.shift.kind !== 'closed'
    if (work.kind === 'open_shift' && isOpen) return 'a shift is open'
    if (work.kind === 'close_shift' && (!isOpen || work.shiftNumber !== this.shift.number))
      return 'no such shift is open'
    const missing = work.kind === 'cash_out' ? work.amountKopecks - (this.drawerKopecks ?? work.amountKopecks) : 0
    return missing > 0 ? 'the drawer holds less' : null
  }

  #carryOut(work: TaskWork): ShiftDocument | null {
    switch (work.kind) {
      case 'open_shift':
        return this.#openShift()
      case 'close_shift': {
        const { number } = this.shift
        this.shift = { kind: 'closed', number }
        if (this.trouble === 'shift_expired') this.trouble = null
        return shiftDoc('shift_closing', nextFd(), number, this.fnNumber)
      }
      case 'cash_in':
      case 'cash_out':
        if (this.drawerKopecks !== null)
          this.drawerKopecks += work.kind === 'cash_in' ? work.amountKopecks : -work.amountKopecks
        return null
      case 'x_report':
      case 'copy':
        return null
    }
  }

  #openShift(): ShiftDocument {
    const [number, openedAtMs] = [this.shift.number + 1, this.clockMs]
    this.shift = { kind: 'opened', number, openedAtMs, expiresAtMs: openedAtMs + HOURS_24_MS }
    return shiftDoc('shift_opening', nextFd(), number, this.fnNumber)
  }

  confirmThrough = async () => undefined

  state: KktDriver['state'] = async () => ({
    ...kktState(),
    fnNumber: this.fnNumber,
    shiftNumber: this.shift.number,
    lastFdNumber: lastFd(),
    trouble: this.trouble,
    shift: this.shift,
    drawerKopecks: this.drawerKopecks,
    clockMs: this.clock?.wallMs() ?? this.clockMs,
  })

  shiftReport: KktDriver['shiftReport'] = async () => ({
    shift: this.shift,
    totals: noTotals(),
    drawerKopecks: this.drawerKopecks,
    clockMs: this.clock?.wallMs() ?? this.clockMs,
  })
  close = () => undefined
}
