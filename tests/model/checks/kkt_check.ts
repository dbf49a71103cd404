import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { z } from 'zod'
import type { Numbers } from '../../harness/put_right.ts'
import type { DeviceAnswer, DeviceWatch, Question } from '../world/device.ts'
import type { SimNode } from '../world/node.ts'
import { isSign } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { JournalCheck } from './journal_check.ts'
import { ShiftBooks } from './shift_books.ts'
import type { Subjects } from './subjects.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts } from './tracked.ts'

type ReceiptRow = { fd_number: number; receipt_id: string; printed: number; fiscal_sign: string; doc: string }
type DocumentRow = Omit<ReceiptRow, 'receipt_id'> & { kind: string; receipt_id: string | null }

const signed = z.object({
  fnNumber: z.string(),
  fdNumber: z.int(),
  fiscalSign: z.string(),
  fiscalDatetime: z.string(),
  shiftNumber: z.int(),
  receiptNumber: z.int(),
  details: z.object({ taxationSystem: z.string() }),
})
/** A document's numbers, and what else it says of its receipt. */
export type SignedReceipt = Numbers & {
  day: string
  fiscalDatetime: string
  shiftNumber: number
  receiptNumber: number
  taxationSystem: string
}

const isOfReceipt = (row: DocumentRow): row is DocumentRow & ReceiptRow => row.receipt_id !== null

/** More documents than an FN can have. */
const FN_SIZE = 2 ** 32

type KktDeps = {
  findings: Findings
  receipts: Receipts
  tasks: TaskCheck
  journal: JournalCheck
  /** Of the requests by which a register names its documents. Null: the KKT keeps our own ids. */
  subjects: Subjects | null
}

/** Checks the requests to the KKT, and the documents in its FNs. */
export class KktCheck {
  #documents
  #doc
  #inKkt
  #lastFd = 0
  #commits = 0
  /** The number of FNs that there were. */
  turn = 0
  /** The FN that is in the KKT. */
  fnNumber = ''
  /** Each receipt of which the FNs have a document, by the names of its documents. */
  #receiptAt = new Map<string, string>()
  /** The FD number of each receipt in its FN. */
  readonly fdOf = new Map<string, number>()
  #turnOf = new Map<string, number>()
  /** The name of each receipt in its FN: its own id, or that of the register's request. */
  #namedAs = new Map<string, string>()
  #places = new Map<string, number>()
  /** The receipts of which the KKT has said that it cannot tell their documents from others. */
  #untellable = new Set<string>()
  /** The receipts of which a register on the network had not told all when their FN was replaced. */
  readonly leftBehind = new Set<string>()
  /** The receipts for which the KKT has opened a shift by itself. */
  readonly openedFor = new Set<string>()
  readonly books

  constructor(
    db: Database,
    private readonly deps: KktDeps,
  ) {
    this.books = new ShiftBooks(deps.findings)
    this.#inKkt = db.prepare<{ fn_number: string }>('SELECT fn_number FROM fn')
    this.#doc = db.prepare<{ doc: string; printed: number }>(
      `SELECT doc, printed FROM documents WHERE receipt_id = ?1
       UNION ALL SELECT doc, printed FROM replaced_documents WHERE receipt_id = ?1`,
    )
    this.#documents = db.prepare<DocumentRow>(
      "SELECT fd_number, kind, receipt_id, printed, doc, doc ->> '$.fiscalSign' AS fiscal_sign FROM documents WHERE fd_number > ? ORDER BY fd_number",
    )
  }

  /** The number of the device's commits so far. */
  get commits(): number {
    return this.#commits
  }

  committed(): void {
    const { findings, tasks } = this.deps
    this.#commits += 1
    const inKkt = this.#inKkt.get()?.fn_number ?? ''
    if (inKkt !== this.fnNumber) this.#met(inKkt)
    let isOpening = false
    for (const row of this.#documents.all(this.#lastFd)) {
      const { fd_number: fd, kind, receipt_id: id } = row
      if (fd !== this.#lastFd + 1) findings.violated('FN', `document ${fd} follows document ${this.#lastFd}`)
      this.#lastFd = fd
      if (!isSign(row.fiscal_sign)) findings.violated('FN', `document ${fd} is signed with ${row.fiscal_sign}`)
      const receiptId = this.#receiptOf(id)
      if (isOfReceipt(row)) this.#filed(row, receiptId ?? row.receipt_id)
      else this.#filedOther(row)
      if (receiptId !== null && isOpening) this.openedFor.add(receiptId)
      isOpening = kind === 'shift_opening'
    }
    tasks.doneAtKkt(this.books)
    this.books.committed(this.#commits)
  }

  #met(fnNumber: string): void {
    const { findings } = this.deps
    if (this.turn > 0) {
      findings.count('totals', 'FNs replaced')
      findings.tell(`the FN is replaced by FN ${this.turn + 1}`)
      this.books.fnReplaced()
      this.#leaveBehind()
    }
    this.fnNumber = fnNumber
    this.turn += 1
    this.#turnOf.set(fnNumber, this.turn)
    this.#lastFd = 0
  }

  #leaveBehind(): void {
    const { subjects, receipts } = this.deps
    if (subjects === null) return
    for (const { id, documentedAt } of receipts.kept) {
      if (documentedAt === null && this.signedOf(id)?.fn === this.fnNumber) this.leftBehind.add(id)
    }
  }

  /** The receipt that is known by this name in its FN. */
  #receiptOf(name: string | null): string | null {
    const { subjects } = this.deps
    return subjects === null || name === null ? name : subjects.of(name)
  }

  #filed({ fd_number: fd, receipt_id: name, doc }: ReceiptRow, id: string): void {
    const { findings, receipts } = this.deps
    this.#namedAs.set(id, name)
    const receipt = receipts.find(id)
    if (!receipt) findings.violated('invariant 1', `document ${fd} is of a receipt that is not in the journal`)
    const before = this.fdOf.get(id)
    if (before) findings.violated('invariant 2', `${receipts.name(id)} is printed as document ${before} and as ${fd}`)
    this.fdOf.set(id, fd)
    this.#receiptAt.set(nameOf(this.fnNumber, fd), id)
    this.#places.set(id, this.turn * FN_SIZE + fd)
    findings.count('totals', 'fiscal documents')
    findings.tell(`FN: document ${fd} of ${receipts.name(id)}`)
    this.books.receipt(doc)
  }

  #filedOther({ fd_number: fd, kind, doc }: DocumentRow): void {
    const { findings, tasks, subjects } = this.deps
    findings.count('totals', `documents: ${kind}`)
    findings.tell(`FN: document ${fd}, ${kind}`)
    if (kind === 'shift_opening') this.books.opened(doc)
    if (kind === 'shift_closing') this.books.closed(doc)
    if (kind === 'shift_opening' || kind === 'shift_closing') tasks.madeDocument(kind, subjects?.atWork ?? null)
  }

  isUntellable = (id: string): boolean => this.#untellable.has(id)

  /** A text in which FNs have their turns as names, because their numbers are drawn by chance. */
  withNames = (text: string): string => text.replaceAll(/\d{16}/g, (number) => `${this.#turnOf.get(number) ?? number}`)

  /** The place of a receipt's document among those of all FNs, behind all others where it has none. */
  placeOf = (id: string): number => this.#places.get(id) ?? Number.POSITIVE_INFINITY

  /** @returns the receipt of a document in an FN, or in one that was replaced; null for a document of none */
  receiptAt = (fn: string, fd: number): string | null => this.#receiptAt.get(nameOf(fn, fd)) ?? null

  /** The document of a receipt in an FN, or in one that was replaced. */
  signedOf(id: string): SignedReceipt | null {
    const row = this.#doc.get(this.#namedAs.get(id) ?? id)
    if (!row) return null
    const doc = signed.parse(JSON.parse(row.doc))
    const { fnNumber: fn, fdNumber: fd, fiscalSign: fpd, fiscalDatetime, shiftNumber, receiptNumber, details } = doc
    const day = fiscalDatetime.slice(0, 'yyyy-mm-dd'.length)
    return { fn, fd, fpd, day, fiscalDatetime, shiftNumber, receiptNumber, taxationSystem: details.taxationSystem }
  }

  /** Whether the receipt's document is on paper. Null where no FN has one. */
  isOnPaper(id: string): boolean | null {
    const row = this.#doc.get(this.#namedAs.get(id) ?? id)
    return row ? row.printed === 1 : null
  }

  /** Receipts that are not on paper. One whose FN was replaced can no longer be printed. */
  withoutPaper(): string[] {
    return this.#documents
      .all(0)
      .filter(isOfReceipt)
      .filter(({ printed }) => printed === 0)
      .map(({ receipt_id }) => this.deps.receipts.name(this.#receiptOf(receipt_id) ?? receipt_id))
  }

  /** The FD numbers of the openings and closings in the FN that is there. */
  shiftDocuments = (): number[] =>
    this.#documents
      .all(0)
      .filter(({ kind }) => kind === 'shift_opening' || kind === 'shift_closing')
      .map(({ fd_number: fd }) => fd)

  /** Watches a node drive the device. */
  watch(node: SimNode): DeviceWatch {
    const { findings, receipts, tasks } = this.deps
    const nameOf = (what: Question, id: string) => (isOfTask(what) ? tasks.name(id) : receipts.name(id))
    return {
      asked: (what, id) => {
        findings.tell(`${node.name} asks the KKT: ${what} ${nameOf(what, id)}`)
        if (isOfTask(what)) tasks.asked(node, what, id, this.fnNumber)
        else if (what === 'fiscalize') this.#asked(node, id)
      },
      answered: (what, id, answer) => {
        const { kind, isLasting } = answer
        findings.tell(`${node.name} hears from the KKT: ${what} ${nameOf(what, id)}: ${kind}`)
        findings.count('KKT', `${what}: ${kind}${isLasting ? ' for good' : ''}`)
        if (isOfTask(what)) tasks.answered(node, what, id, answer)
        else if (what !== 'reprint') this.#answered(id, answer)
      },
    }
  }

  #asked({ name, self }: SimNode, id: string): void {
    const { findings, receipts, journal } = this.deps
    const receipt = receipts.find(id)
    if (!receipt) return
    if (receipt.atKkt !== 'none') {
      const why = receipt.atKkt === 'made' ? 'is made already' : 'may have made already, without looking it up'
      findings.violated('invariant 3', `${name} has the KKT make ${receipt.key}, which it ${why}`)
    }
    if (journal.holder !== self) {
      findings.violated('invariant 6', `${name} has the KKT make ${receipt.key}, and does not hold the lease`)
    }
    receipt.atKkt = 'unclear'
    receipt.handedTo = this.fnNumber
  }

  #answered(id: string, { kind, isLasting, fnNumber }: DeviceAnswer): void {
    const receipt = this.deps.receipts.find(id)
    if (!receipt) return
    if (kind === 'done' || kind === 'found') receipt.atKkt = 'made'
    if (kind === 'untellable') this.#untellable.add(id)
    // Another FN than the one that it was handed to cannot say that there is no document of it.
    const isAbsent = kind === 'absent' && (receipt.handedTo === null || receipt.handedTo === fnNumber)
    if (isAbsent || kind === 'refused' || kind === 'not_taken') receipt.atKkt = 'none'
    if (kind === 'refused' && isLasting) receipt.isRefusedByKkt = true
  }
}

const nameOf = (fn: string, fd: number) => `${fn}/${fd}`

const isOfTask = (what: Question): what is 'perform' | 'lookupTask' => what === 'perform' || what === 'lookupTask'
