import { mayFollow, STATUSES, type Status } from '@kkt/adapter/src/domain/state.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { bookFaults } from '../../harness/books.ts'
import type { ContentCheck } from './content_check.ts'
import type { Findings } from './findings.ts'
import { IdCheck } from './id_check.ts'
import type { KktCheck } from './kkt_check.ts'
import { OutcomeCheck, type Recorded } from './outcome_check.ts'
import type { PutRightCheck } from './put_right_check.ts'
import type { RefundCheck } from './refund_check.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts, Tracked } from './tracked.ts'

type EventRow = { id: number; receipt_id: string; from_state: Status | null; to_state: Status }
type ReceiptRow = { idempotency_key: string; pos_id: string } & Recorded

const ENDED: readonly Status[] = ['synced', 'refused', 'closed']
const UNPRINTED: readonly Status[] = ['accepted', 'printing', 'unknown']
const UNDELIVERED: readonly Status[] = [...UNPRINTED, 'pending', 'syncing']

/** By the states in which a receipt takes a place in the buffer. */
function places(taking: readonly Status[]) {
  const takesPlace = (status: Status | null) => status !== null && taking.includes(status)
  return {
    takesPlace,
    comes: ({ from_state: from, to_state: to }: EventRow) => !takesPlace(from) && takesPlace(to),
    goes: ({ from_state: from, to_state: to }: EventRow) => takesPlace(from) && !takesPlace(to),
  }
}

type JournalDeps = {
  findings: Findings
  receipts: Receipts
  contents: ContentCheck
  putRights: PutRightCheck
  refunds: RefundCheck
  tasks: TaskCheck
  kkt: () => Pick<KktCheck, 'fnNumber' | 'turn' | 'isUntellable' | 'signedOf'>
  maxUndelivered: number
  maxRetryAttempts: number
  kktId: string
  /** The KKT delivers by itself, so that a receipt takes a place only until it has its document. */
  kktDelivers: boolean
  wallMs: () => number
}

/** Checks each commit's changes to the journal at the moment of the commit. */
export class JournalCheck {
  #events
  #row
  #holder
  #counted
  #withoutPaper
  #paperLost
  #there
  #met
  #elsewhere
  #ofShifts
  #lastEventId = 0
  /** The process whose commits may move receipts. */
  #writer: string | null = null
  /** The receipts of this commit that free their places and are not counted yet. */
  #toGo = 0
  #ids
  #outcomes
  #places
  undelivered = 0
  commits = 0
  /** The number of the last commit during or after which there was no room for one, and for two. */
  readonly lastFullAtCommit = { 1: -1, 2: -1 }
  /** Whether a node was told to prune: receipts, and what refunds need of them. */
  readonly prunes = { receipts: false, originals: false }

  constructor(
    private readonly db: Database,
    private readonly deps: JournalDeps,
  ) {
    this.#places = places(deps.kktDelivers ? UNPRINTED : UNDELIVERED)
    this.#ids = new IdCheck(deps)
    this.#outcomes = new OutcomeCheck(deps)
    this.#events = db.prepare<EventRow>(
      'SELECT id, receipt_id, from_state, to_state FROM receipt_events WHERE id > ? ORDER BY id',
    )
    this.#row = db.prepare<ReceiptRow>(
      'SELECT idempotency_key, pos_id, retry_count, dlq_reason FROM receipts WHERE receipt_id = ?',
    )
    this.#ofShifts = db.prepare<{ fd_number: number }>(
      `SELECT fd_number FROM documents JOIN fiscal_memories ON turn = fn_turn
       WHERE kind <> 'receipt' AND fn_number = ?`,
    )
    this.#met = db.prepare<{ fn_number: string }>('SELECT fn_number FROM totals JOIN fiscal_memories ON turn = fn_turn')
    this.#elsewhere = db.prepare<{ n: number }>(
      `SELECT count(*) AS n FROM states JOIN fiscal_memories ON turn = handed_turn
       WHERE status IN ('printing', 'unknown') AND untold = 0 AND fn_number <> ?`,
    )
    this.#holder = db.prepare<{ holder: string | null }>('SELECT holder FROM leases WHERE name = ?')
    this.#counted = db.prepare<Record<Status, number>>('SELECT * FROM totals')
    this.#there = db.prepare<{ receipt_id: string }>('SELECT receipt_id FROM sales')
    this.#paperLost = db.prepare<unknown>('SELECT 1 FROM receipts WHERE receipt_id = ? AND paper_lost = 1')
    this.#withoutPaper = db.prepare<{ n: number; printable: number }>(
      'SELECT count(*) AS n, count(*) FILTER (WHERE fn_number = ?) AS printable FROM receipts WHERE needs_paper = 1',
    )
  }

  /** The KKT can print its document no more, as far as the adapter knows. */
  isPaperLost = (id: string): boolean => this.#paperLost.get(id) !== undefined

  /**
   * The receipts without paper, as far as the adapter knows: the KKT's answer may be on its way. `printable`: those whose
   * document is in the FN that is there.
   */
  get withoutPaper(): { n: number; printable: number } {
    return this.#withoutPaper.get(this.deps.kkt().fnNumber) ?? { n: 0, printable: 0 }
  }

  /** The documents of shifts in the FN that the journal does not have. */
  shiftDocumentsMissing(fds: readonly number[]): number[] {
    const known = new Set(this.#ofShifts.all(this.deps.kkt().fnNumber).map(({ fd_number: fd }) => fd))
    return fds.filter((fd) => !known.has(fd))
  }

  /**
   * Whether the adapter has met the FN that is there, and waits for no receipt that it believes to be in another one. To replace an
   * FN takes minutes, so that this is so before it is replaced again.
   */
  get knowsFn(): boolean {
    const { fnNumber } = this.deps.kkt()
    return this.#met.get()?.fn_number === fnNumber && this.#elsewhere.get(fnNumber)?.n === 0
  }

  /** The process that may drive the KKT and send for it. */
  get holder(): string | null {
    return this.#holder.get(this.deps.kktId)?.holder ?? null
  }

  /** @param by the committing process's name in the journal */
  committed(by: string): void {
    this.commits += 1
    // A commit may release the lease. Its other writes come before that.
    this.#writer = this.holder ?? this.#writer
    const events = this.#events.all(this.#lastEventId)
    // The audit log keeps the order of each receipt's events, but not that of different receipts within a commit.
    const { comes, goes } = this.#places
    const most = this.undelivered + events.filter(comes).length
    for (const places of [1, 2] as const)
      if (most + places > this.deps.maxUndelivered) this.lastFullAtCommit[places] = this.commits
    this.#toGo = events.filter(goes).length
    for (const event of events) {
      this.#lastEventId = event.id
      if (goes(event)) this.#toGo -= 1
      this.#happened(event, by)
    }
    this.deps.tasks.committed(by, this.#writer, this.commits)
    this.#writer = this.holder
    if (this.prunes.receipts) this.#findPruned()
    this.deps.putRights.committed(this.commits)
    this.deps.refunds.committed(this.commits)
  }

  /** Only receipts that have come to an end, and are on paper, are removed. */
  #findPruned(): void {
    const { findings, receipts } = this.deps
    const kept = new Set(this.#there.all().map(({ receipt_id }) => receipt_id))
    for (const receipt of receipts.kept) {
      if (kept.has(receipt.id)) continue
      receipts.prune(receipt, this.commits)
      findings.count('totals', 'receipts pruned')
      findings.tell(`${receipt.key} is pruned`)
      if (!ENDED.includes(receipt.status))
        findings.violated('invariant 1', `${receipt.key} is ${receipt.status}, and was pruned`)
    }
  }

  #happened({ receipt_id: id, from_state: from, to_state: to }: EventRow, by: string): void {
    const { findings, receipts } = this.deps
    const [row, receipt] = [this.#row.get(id), receipts.find(id)]
    if (from === null && row) this.#accepted(id, row)
    else if (from !== null && row && receipt) this.#moved(receipt, row, { from, to, by })
    else findings.violated('states', `${receipt?.key ?? id} went from ${from} to ${to}, and is not known`)
  }

  #accepted(id: string, { idempotency_key: key, pos_id: posId }: ReceiptRow): void {
    const { findings, receipts, contents, maxUndelivered } = this.deps
    findings.count('transitions', 'new > accepted')
    if (this.undelivered - this.#toGo >= maxUndelivered) {
      findings.violated('invariant 9', `${key} was accepted as number ${this.undelivered + 1}`)
    }
    this.#ids.accepted(id, key)
    this.undelivered += 1
    const receipt = receipts.accept(id, key, posId)
    this.deps.putRights.accepted(receipt, this.commits)
    this.deps.refunds.accepted(receipt, this.commits)
    contents.journaled(key)
  }

  #moved(receipt: Tracked, row: ReceiptRow, { from, to, by }: { from: Status; to: Status; by: string }): void {
    const { findings } = this.deps
    const { key, status, acceptedAtMs } = receipt
    const isUntraced = from === 'pending' && to === 'closed'
    const isOperators = from === 'failed' || isUntraced || (from === 'unknown' && to !== 'unknown' && receipt.isUntold)
    if (isUntraced && this.deps.kkt().signedOf(receipt.id)?.fn === this.deps.kkt().fnNumber)
      findings.violated('states', `${key} is closed, and its document is in the FN that is there`)
    if (!isOperators && this.#writer !== by) {
      findings.violated('invariant 6', `${by} took ${key} from ${from} to ${to}, and ${this.#writer} holds the lease`)
    }
    if (from === to) {
      this.#stays(receipt, from)
      return
    }
    findings.count('transitions', `${from} > ${to}`)
    if (status !== from || !mayFollow(from, to)) {
      findings.violated('states', `${key} was ${status}, and went from ${from} to ${to}`)
    }
    const { takesPlace } = this.#places
    this.undelivered += Number(takesPlace(to)) - Number(takesPlace(from))
    this.#note(receipt, to)
    this.#outcomes.moved(receipt, row, { from, to })
    if (to === 'synced' && acceptedAtMs !== null) this.#ids.told(acceptedAtMs)
  }

  #note(receipt: Tracked, to: Status): void {
    receipt.status = to
    if (to === 'refused') receipt.refusedAt = this.commits
    if (to === 'pending') receipt.documentedAt ??= this.commits
    // The operators of the model say what is so.
    if (receipt.isUntold) receipt.atKkt = to === 'pending' ? 'made' : 'none'
    receipt.isUntold = false
  }

  /** A register is asked for it, it is on paper at last or never will be, or nothing tells its outcome. */
  #stays(receipt: Tracked, status: Status): void {
    if (status === 'printing') {
      this.deps.findings.count('transitions', 'attempts')
      return
    }
    const isUntold = status === 'unknown'
    this.deps.findings.count('transitions', isUntold ? 'untold by an FN that was replaced' : 'on paper at last')
    if (!isUntold) return
    receipt.isUntold = true
    receipt.wasUntold = true
    if (this.deps.kkt().turn < 2 && !this.deps.kkt().isUntellable(receipt.id))
      this.deps.findings.violated('states', `${receipt.key} waits for an operator, and no FN was replaced`)
  }

  /** The totals and the audit log match the rows, and the model's own count. */
  compareBooks(): void {
    const { findings, receipts } = this.deps
    for (const fault of bookFaults(this.db)) findings.violated('books', fault)
    const counted = this.#counted.get()
    for (const status of STATUSES) {
      const followed = receipts.kept.filter((receipt) => receipt.status === status).length
      if (counted?.[status] === followed) continue
      findings.violated('counters', `${counted?.[status]} receipts are counted as ${status}, ${followed} expected`)
    }
  }
}
