import type { FnDocument } from '../domain/kkt_outcome.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { FnKnowledge } from '../journal/fiscal_memories.ts'
import type { KktDriver } from '../kkt/driver.ts'

type Reader = Pick<KktDriver, 'documentsAfter'>

/** The number of documents asked for at a time. */
const PAGE = 500

/** The ranges shown in the line that refuses a start; the rest are counted. */
const MOST_RANGES = 20

type InFn = NonNullable<FnDocument['receipt']>

export type Comparison =
  /** The KKT does not answer, so the comparison is still to be made. */
  | { kind: 'away' }
  /**
   * `isStrange`: the journal sees this FN for the first time, and the KKT may know keys of receipts that another adapter has
   * printed with it. `ofShifts`: the documents of shifts after the last document that the journal knows.
   */
  | { kind: 'whole'; fnNumber: string; lastFdNumber: number; isStrange: boolean; ofShifts: ShiftDocument[] }
  | Behind

/**
 * The FN holds receipts that the journal does not know, or holds as never handed to the KKT: `lacking`. `later`: all
 * receipts in the FN after the last document that the journal knows.
 */
export type Behind = {
  kind: 'behind'
  fnNumber: string
  lastFdNumber: number
  lacking: InFn[]
  later: InFn[]
  /** The documents of shifts among them. */
  ofShifts: ShiftDocument[]
  /** Receipts in the journal without a document yet. Tills may have been promised them since the loss. */
  unprinted: number
}

/** An operator's statement that the receipts lost up to this document are given up. */
export type AcceptedLoss = { fnNumber: string; lastFdNumber: number }

/**
 * Compares the journal with the FN's documents after the last one that the journal knows. SQLite reads a damaged WAL as
 * a shorter one, so only the FN can show that the journal has lost receipts. Documents of other kinds are no loss.
 */
export async function compareWithFn(
  driver: Reader & Pick<KktDriver, 'state' | 'lookupKey'>,
  knowledge: FnKnowledge,
): Promise<Comparison> {
  const state = await driver.state()
  if (state === null) return { kind: 'away' }
  const { fnNumber, lastFdNumber } = state
  const knownBefore = knowledge.knownThrough(fnNumber)
  if (knownBefore === null) {
    // Reading a whole FN takes long, and nobody asks for its keys where the KKT keeps none.
    const isStrange = driver.lookupKey !== null && (await holdsReceipts(driver, lastFdNumber))
    return isStrange === null ? { kind: 'away' } : { kind: 'whole', fnNumber, lastFdNumber, isStrange, ofShifts: [] }
  }
  const documents = await allOf(pagesOf(driver, knownBefore, lastFdNumber))
  if (documents === null) return { kind: 'away' }
  const later = documents.flatMap(({ receipt }) => receipt ?? [])
  const ofShifts = documents.flatMap(({ ofShift }) => ofShift ?? [])
  // Read the journal after the FN: a receipt that another process is printing was journaled before it was in the FN.
  const lacking = lackingIn(later, knowledge.knownThrough(fnNumber) ?? knownBefore, knowledge)
  if (lacking.length > 0)
    return { kind: 'behind', fnNumber, lastFdNumber, lacking, later, ofShifts, unprinted: knowledge.unprinted() }
  return { kind: 'whole', fnNumber, lastFdNumber, isStrange: false, ofShifts }
}

/**
 * The receipts of an FN that the journal has lost, in FD order.
 * @param knownThrough the last FD number that the journal has recorded now, after the FN was read
 */
function lackingIn(inFn: readonly InFn[], knownThrough: number, { asked, lacks }: FnKnowledge): InFn[] {
  const isNew = ({ doc }: InFn) => doc.fdNumber > knownThrough
  // New receipts without an id are those that the KKT was asked for and whose outcome is not recorded. More of them are a loss.
  const hasUnasked = inFn.filter((one) => one.id === null && isNew(one)).length > asked()
  return inFn.filter((one) => (one.id === null ? hasUnasked && isNew(one) : lacks(one.id)))
}

/** Whether an FN holds a receipt: a new one holds its registration. Null when the KKT does not answer. */
export async function holdsReceipts(driver: Reader, lastFdNumber: number): Promise<boolean | null> {
  for await (const page of pagesOf(driver, 0, lastFdNumber)) {
    if (page === null) return null
    if (page.some(({ receipt }) => receipt !== null)) return true
  }
  return false
}

/** The documents in an FN after another one, a page at a time; null, and no more, when the KKT is silent. */
async function* pagesOf(driver: Reader, afterFd: number, lastFd: number): AsyncGenerator<FnDocument[] | null> {
  for (let after = afterFd; after < lastFd; ) {
    const page = await driver.documentsAfter(after, PAGE)
    if (page === null) return yield null
    yield page
    // None has a gap, but one that cannot be read is left out.
    after += PAGE
  }
}

/** All documents, or null where the KKT fell silent. */
async function allOf(pages: AsyncIterable<FnDocument[] | null>): Promise<FnDocument[] | null> {
  const all: FnDocument[] = []
  for await (const page of pages) {
    if (page === null) return null
    all.push(...page)
  }
  return all
}

export const isAccepted = ({ fnNumber, lastFdNumber }: Behind, accepted: AcceptedLoss | null): boolean =>
  accepted?.fnNumber === fnNumber && accepted.lastFdNumber === lastFdNumber

/** Describes the loss, and the operator's choices. */
export function lossInWords({ fnNumber, lastFdNumber, lacking, unprinted }: Behind): string {
  const fds = lacking.map(({ doc }) => doc.fdNumber)
  const perhapsOnlyHere = `It also holds ${unprinted} accepted receipts that are not printed yet, and perhaps no copy holds them. `
  const [also, condition] = unprinted > 0 ? [perhapsOnlyHere, ' if that copy holds them too'] : ['', '']
  return `The buffer is behind its KKT: FN ${fnNumber} holds receipts that the buffer does not know as printed (${fds.length} in all: FD ${inRanges(fds)}). The buffer has lost receipts: its WAL was damaged or removed, or an old copy was put back. ${also}Restore the newest copy of all its files${condition}, or start with ACCEPT_LOSS=${fnNumber}:${lastFdNumber}, which restores the receipts that the KKT can describe and goes on.`
}

/** `[3, 4, 5, 9]` as "3-5, 9". */
function inRanges(ascending: number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const fd of ascending) {
    const last = ranges.at(-1)
    if (last && fd === last.to + 1) last.to = fd
    else ranges.push({ from: fd, to: fd })
  }
  const shown = ranges.slice(0, MOST_RANGES).map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))
  const more = ranges.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more ranges` : shown.join(', ')
}
