import type { FencingToken } from '../domain/fencing_token.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { TaskWork } from '../domain/task.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/** Few documents come between the last one that the journal knows and a look-up. */
const MOST = 500

export const movesCash = ({ kind }: TaskWork): boolean => kind === 'cash_in' || kind === 'cash_out'

type Reading = { journal: Journal; driver: KktDriver }

/** The documents of shifts in this FN behind the last one that the journal knows. Null: the KKT does not answer. */
async function newShiftDocuments(fnNumber: string, { journal, driver }: Reading): Promise<ShiftDocument[] | null> {
  const known = journal.fiscalMemories.knownThrough(fnNumber)
  const later = known === null ? [] : await driver.documentsAfter(known, MOST)
  if (later === null) return null
  return later.flatMap(({ ofShift }) => (ofShift?.fnNumber === fnNumber ? [ofShift] : []))
}

/** A register that moves cash opens a closed shift first. */
export class ShiftsOpenedForCash {
  /** The FN that did not tell whether it has such an opening. Later documents would hide it. */
  #owedBy: string | null = null

  constructor(private readonly deps: Reading & { lease: Lease }) {}

  /** @returns the opening that the journal does not know. It is asked for again where the KKT does not answer */
  async of(work: TaskWork, fnNumber: string): Promise<ShiftDocument[]> {
    if (!movesCash(work)) return []
    const opened = await newShiftDocuments(fnNumber, this.deps)
    this.#owedBy = opened === null ? fnNumber : null
    return opened ?? []
  }

  /** @returns whether none is owed any more. @throws LeaseLost, StorageFailure */
  async takeOwed(token: FencingToken): Promise<boolean> {
    const fnNumber = this.#owedBy
    if (fnNumber === null) return true
    const opened = await newShiftDocuments(fnNumber, this.deps)
    if (opened === null) return false
    if (opened.length > 0) await this.deps.lease.write((tx) => opened.forEach(tx.recordShiftDocument), token)
    this.#owedBy = null
    return true
  }
}

/**
 * Journals the documents of shifts that the KKT made behind the last document that the journal knows: it opens a shift before a
 * receipt that it then does not make.
 * @throws LeaseLost, StorageFailure
 */
export async function takeShiftDocuments(
  fnNumber: string,
  token: FencingToken,
  deps: Reading & { lease: Lease },
): Promise<void> {
  const ofShifts = (await newShiftDocuments(fnNumber, deps)) ?? []
  if (ofShifts.length > 0) await deps.lease.write((tx) => ofShifts.forEach(tx.recordShiftDocument), token)
}
