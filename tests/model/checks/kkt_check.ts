import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { z } from 'zod'
import type { Numbers } from '../../harness/put_right.ts'
import type { DeviceWatch } from '../world/device.ts'
import type { SimNode } from '../world/node.ts'
import { isSign } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { JournalCheck } from './journal_check.ts'
import type { Receipts } from './tracked.ts'

type ReceiptRow = { fd_number: number; receipt_id: string; printed: number; fiscal_sign: string }
type DocumentRow = Omit<ReceiptRow, 'receipt_id'> & { kind: string; receipt_id: string | null }

const signed = z.object({
  fnNumber: z.string(),
  fdNumber: z.int(),
  fiscalSign: z.string(),
  fiscalDatetime: z.string(),
  details: z.object({ taxationSystem: z.string() }),
})
/** A document's numbers, and what else it says of its receipt. */
export type SignedReceipt = Numbers & { day: string; taxationSystem: string }

const isOfReceipt = (row: DocumentRow): row is DocumentRow & ReceiptRow => row.receipt_id !== null

/** Checks the requests to the KKT, and the documents in its FN. */
export class KktCheck {
  #documents
  #doc
  #lastFd = 0
  /** The FD number of each receipt in the FN. */
  readonly fdOf = new Map<string, number>()

  constructor(
    db: Database,
    private readonly deps: { findings: Findings; receipts: Receipts; journal: JournalCheck },
  ) {
    this.#doc = db.prepare<{ doc: string }>('SELECT doc FROM documents WHERE receipt_id = ?')
    this.#documents = db.prepare<DocumentRow>(
      "SELECT fd_number, kind, receipt_id, printed, doc ->> '$.fiscalSign' AS fiscal_sign FROM documents WHERE fd_number > ? ORDER BY fd_number",
    )
  }

  committed(): void {
    const { findings } = this.deps
    for (const row of this.#documents.all(this.#lastFd)) {
      const { fd_number: fd, kind } = row
      if (fd !== this.#lastFd + 1) findings.violated('FN', `document ${fd} follows document ${this.#lastFd}`)
      this.#lastFd = fd
      if (!isSign(row.fiscal_sign)) findings.violated('FN', `document ${fd} is signed with ${row.fiscal_sign}`)
      if (isOfReceipt(row)) this.#filed(row)
      else {
        findings.count('totals', `documents: ${kind}`)
        findings.tell(`FN: document ${fd}, ${kind}`)
      }
    }
  }

  #filed({ fd_number: fd, receipt_id: id }: ReceiptRow): void {
    const { findings, receipts } = this.deps
    const receipt = receipts.find(id)
    if (!receipt) findings.violated('invariant 1', `document ${fd} is of a receipt that is not in the journal`)
    const before = this.fdOf.get(id)
    if (before) findings.violated('invariant 2', `${receipts.name(id)} is printed as document ${before} and as ${fd}`)
    this.fdOf.set(id, fd)
    findings.count('totals', 'fiscal documents')
    findings.tell(`FN: document ${fd} of ${receipts.name(id)}`)
  }

  /** The document of a receipt in the FN. */
  signedOf(id: string): SignedReceipt | null {
    const row = this.#doc.get(id)
    if (!row) return null
    const { fnNumber: fn, fdNumber: fd, fiscalSign: fpd, fiscalDatetime, details } = signed.parse(JSON.parse(row.doc))
    const day = fiscalDatetime.slice(0, 'yyyy-mm-dd'.length)
    return { fn, fd, fpd, day, taxationSystem: details.taxationSystem }
  }

  /** Receipts that are not on paper. */
  withoutPaper(): string[] {
    return this.#documents
      .all(0)
      .filter(isOfReceipt)
      .filter(({ printed }) => printed === 0)
      .map(({ receipt_id }) => this.deps.receipts.name(receipt_id))
  }

  /** Watches a node drive the device. */
  watch(node: SimNode): DeviceWatch {
    const { findings, receipts, journal } = this.deps
    const { name } = node
    return {
      asked: (what, id) => {
        const receipt = receipts.find(id)
        findings.tell(`${name} asks the KKT: ${what} ${receipts.name(id)}`)
        if (!receipt || what !== 'fiscalize') return
        if (receipt.atKkt !== 'none') {
          const why = receipt.atKkt === 'made' ? 'is made already' : 'may have made already, without looking it up'
          findings.violated('invariant 3', `${name} has the KKT make ${receipt.key}, which it ${why}`)
        }
        if (journal.holder !== node.self) {
          findings.violated('invariant 6', `${name} has the KKT make ${receipt.key}, and does not hold the lease`)
        }
        receipt.atKkt = 'unclear'
      },
      answered: (what, id, { kind, isLasting }) => {
        const receipt = receipts.find(id)
        findings.tell(`${name} hears from the KKT: ${what} ${receipts.name(id)}: ${kind}`)
        findings.count('KKT', `${what}: ${kind}${isLasting ? ' for good' : ''}`)
        if (!receipt || what === 'reprint') return
        if (kind === 'done' || kind === 'found') receipt.atKkt = 'made'
        if (kind === 'absent' || kind === 'refused' || kind === 'not_taken') receipt.atKkt = 'none'
        if (kind === 'refused' && isLasting) receipt.isRefusedByKkt = true
      },
    }
  }
}
