import type { FencingToken } from '../domain/fencing_token.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/** Few documents come between the last one that the journal knows and a look-up. */
const MOST = 500

type UntoldShiftsDeps = { journal: Journal; driver: Pick<KktDriver, 'documentsAfter'>; lease: Lease }

/**
 * Documents of shifts that the KKT made and did not tell. It opens a closed shift before it moves cash, and before a receipt that
 * it then does not make.
 */
export class UntoldShifts {
  /** The FN in the KKT is to be asked for them before it makes the next document, which would hide them. */
  #isOwed = false

  constructor(private readonly deps: UntoldShiftsDeps) {}

  /** The FN in the KKT may hold such documents. */
  owe(): void {
    this.#isOwed = true
  }

  /** As `takeOwed`, of an FN that may hold some now. @throws LeaseLost, StorageFailure */
  async take(token: FencingToken): Promise<void> {
    this.owe()
    await this.takeOwed(token)
  }

  /**
   * Journals the documents of shifts behind the last document that the journal knows, where the FN owes them.
   * @returns whether none is owed any more. The KKT may be asked for nothing before that
   * @throws LeaseLost, StorageFailure
   */
  async takeOwed(token: FencingToken): Promise<boolean> {
    if (!this.#isOwed) return true
    const untold = await this.#behindLastKnown()
    if (untold === null) return false
    if (untold.length > 0) await this.deps.lease.write((tx) => untold.forEach(tx.recordShiftDocument), token)
    this.#isOwed = false
    return true
  }

  /** Null: the KKT does not answer. */
  async #behindLastKnown(): Promise<ShiftDocument[] | null> {
    const { fiscalMemories } = this.deps.journal
    const inKkt = fiscalMemories.inKkt()
    const known = inKkt && fiscalMemories.knownThrough(inKkt.fnNumber)
    const later = known === null ? [] : await this.deps.driver.documentsAfter(known, MOST)
    if (later === null) return null
    const ofShifts = later.flatMap(({ ofShift }) => ofShift ?? [])
    // Another FN may be in the KKT by now.
    return ofShifts.filter(({ fnNumber }) => fnNumber === inKkt?.fnNumber)
  }
}
