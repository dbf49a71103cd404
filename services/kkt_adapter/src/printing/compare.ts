import type { FnReceipt } from '../domain/receipt.ts'
import type { FnKnowledge } from '../journal/fiscal_memories.ts'
import type { KktDriver } from '../kkt/driver.ts'

/** So many documents are asked for at a time. */
const PAGE = 500

/** Shown in the line that refuses a start; the rest is counted. */
const MOST_RANGES = 20

export type Comparison =
  /** The KKT does not answer: the comparison is still to be made. */
  | { kind: 'away' }
  /** `isStrange`: the journal meets this FN for the first time, and others have made documents in it. */
  | { kind: 'whole'; fnNumber: string; lastFdNumber: number; isStrange: boolean }
  | Behind

/**
 * The FN holds documents of receipts that the journal does not know, or believes the KKT was never asked for. `lacking`: those.
 * `later`: all that the FN holds after the last document that the journal knows.
 */
export type Behind = {
  kind: 'behind'
  fnNumber: string
  lastFdNumber: number
  lacking: FnReceipt[]
  later: FnReceipt[]
  /** Receipts in the journal that have no document yet: tills may have been promised them since it lost the others. */
  unprinted: number
}

/** An operator's word that what the journal has lost up to a document is lost. */
export type AcceptedLoss = { fnNumber: string; lastFdNumber: number }

/**
 * Compares the journal with what the FN holds after the last document that the journal knows. SQLite takes a damaged WAL
 * for a shorter one, so only the FN can tell that the journal has lost receipts. Documents of other kinds are no loss.
 */
export async function compareWithFn(
  driver: Pick<KktDriver, 'state' | 'documentsAfter'>,
  knowledge: FnKnowledge,
): Promise<Comparison> {
  const state = await driver.state()
  if (state === null) return { kind: 'away' }
  const { fnNumber, lastFdNumber } = state
  const knownThrough = knowledge.knownThrough(fnNumber)
  if (knownThrough === null) return { kind: 'whole', fnNumber, lastFdNumber, isStrange: lastFdNumber > 0 }
  const later: FnReceipt[] = []
  let after = knownThrough
  while (after < lastFdNumber) {
    const page = await driver.documentsAfter(after, PAGE)
    if (page === null) return { kind: 'away' }
    for (const { receipt } of page) if (receipt) later.push(receipt)
    after = page.at(-1)?.fdNumber ?? lastFdNumber
  }
  // The journal is read after the FN: what another process is printing now was journaled before it was in the FN.
  const lacking = later.filter(({ id }) => knowledge.lacks(id))
  if (lacking.length > 0)
    return { kind: 'behind', fnNumber, lastFdNumber, lacking, later, unprinted: knowledge.unprinted() }
  return { kind: 'whole', fnNumber, lastFdNumber, isStrange: false }
}

export const isAccepted = ({ fnNumber, lastFdNumber }: Behind, accepted: AcceptedLoss | null): boolean =>
  accepted?.fnNumber === fnNumber && accepted.lastFdNumber === lastFdNumber

/** What has happened to the journal, and what an operator can do. */
export function lossInWords({ fnNumber, lastFdNumber, lacking, unprinted }: Behind): string {
  const fds = lacking.map(({ doc }) => doc.fdNumber)
  const perhapsOnlyHere = `It also holds receipts that were taken and are not printed yet (${unprinted} in all), and perhaps no copy does. `
  const [also, condition] = unprinted > 0 ? [perhapsOnlyHere, ' if that holds these too'] : ['', '']
  return `The buffer is behind its KKT: FN ${fnNumber} holds receipts that the buffer does not know as printed (${fds.length} in all: FD ${inRanges(fds)}). The buffer has lost something: its WAL was damaged or removed, or an old copy was put back. ${also}What to do: restore the newest copy of all its files${condition}, or start with ACCEPT_LOSS=${fnNumber}:${lastFdNumber}, which brings back what the KKT can tell of these receipts and goes on.`
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
