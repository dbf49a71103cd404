import type { Clock } from '@kkt/platform/clock.ts'
import { formatRoubles } from '../../domain/money.ts'
import type { ShiftDocument } from '../../domain/shift.ts'
import type { Attempt } from '../attempts.ts'
import type { Facts } from './facts.ts'
import type { FnDocumentRead, Verdict } from './fn_documents.ts'
import { type Silent, silent } from './questions.ts'
import type { Register } from './register.ts'

/** The answer of the FN to the question for a document that it holds after an attempt began. */
export type Look =
  | { kind: 'found'; document: FnDocumentRead; opening: ShiftDocument | null; isLast: boolean; facts: Facts }
  /** `fnNumber`: of the FN that was read, or of another one that is in the KKT now. */
  | { kind: 'none'; fnNumber: string }
  | { kind: 'other_fn'; fnNumber: string }
  /** Several documents may be it, or one is in doubt or cannot be read. */
  | { kind: 'untellable'; reason: string }
  | Silent

export type Judge = (document: FnDocumentRead) => Verdict

/** `isNamed`: it carries the name of what is sought, so that it is certain in any FN. */
export type Sought = { judge: Judge; isNamed: (document: FnDocumentRead) => boolean }

/** In another FN the document is among the newest: nothing is made before it is settled. */
const NEWEST_IN_OTHER_FN = 100

/** The FN is read so often after an error without a rule, before it counts as having made nothing. */
export const LOOKS_WITHOUT_RULE = 3
/** The pause between them. */
const LOOK_AGAIN_MS = 2000

export type Looking = { register: Register; clock: Clock; stopping: AbortSignal }

/**
 * Reads all that the FN holds after an attempt began.
 * @param looks it counts as holding none once it was read so often
 */
export async function lookInFn(deps: Looking, before: Attempt, sought: Sought, looks = 1): Promise<Look> {
  const look = await lookOnce(deps.register, before, sought)
  if (look.kind !== 'none' || looks <= 1) return look
  await deps.clock.wait(LOOK_AGAIN_MS, deps.stopping)
  if (deps.stopping.aborted) return { kind: 'silent', reason: 'the adapter stops' }
  return await lookInFn(deps, before, sought, looks - 1)
}

/** One document that is certain outweighs those that are likely, and one that is likely those that are doubtful. */
async function lookOnce(register: Register, before: Attempt, { judge, isNamed }: Sought): Promise<Look> {
  const facts = await register.facts()
  if (facts.kind === 'silent') return facts
  const { fnNumber, lastFdNumber } = facts.state
  if (fnNumber !== before.fnNumber) return await lookInOtherFn(register, facts, isNamed)
  const read = await register.documents({ after: before.lastFdNumber, through: lastFdNumber }, facts)
  if (read.kind === 'silent') return read
  // The numbers of an FN only grow.
  if (lastFdNumber < before.lastFdNumber) return silent(`FN ${fnNumber} tells of fewer documents than before`)
  const judged = (verdict: Verdict) => read.documents.filter((document) => judge(document) === verdict)
  const [certain, likely] = [judged('certain'), judged('likely')]
  const candidates = certain.length > 0 ? certain : likely
  const [document, ...others] = candidates
  // One that cannot be read may be it.
  if (certain.length === 0 && read.lacking !== null) return { kind: 'untellable', reason: read.lacking }
  if (document === undefined) return byDoubtful(judged('doubtful'), fnNumber)
  if (others.length > 0) return { kind: 'untellable', reason: candidatesInWords(candidates, fnNumber) }
  const isLast = document.fdNumber === lastFdNumber
  const opening = openingBefore(document, read.documents, { register, facts })
  return { kind: 'found', document, opening, isLast, facts }
}

/** A person says whether a document is the receipt's that its tags neither give to it nor to another. */
const byDoubtful = (doubtful: readonly FnDocumentRead[], fnNumber: string): Look =>
  doubtful.length === 0
    ? { kind: 'none', fnNumber }
    : { kind: 'untellable', reason: candidatesInWords(doubtful, fnNumber) }

/** A request that waited in the queue while another FN was put in is done in that one. */
async function lookInOtherFn(register: Register, facts: Facts, isNamed: Sought['isNamed']): Promise<Look> {
  const { fnNumber, lastFdNumber } = facts.state
  const range = { after: Math.max(0, lastFdNumber - NEWEST_IN_OTHER_FN), through: lastFdNumber }
  const read = await register.documents(range, facts)
  if (read.kind === 'silent') return read
  const document = read.documents.find(isNamed)
  if (document === undefined) return { kind: 'other_fn', fnNumber }
  const opening = openingBefore(document, read.documents, { register, facts })
  return { kind: 'found', document, opening, isLast: document.fdNumber === lastFdNumber, facts }
}

/** The opening that the KKT made for a receipt is the document right before it. */
function openingBefore(
  { fdNumber }: FnDocumentRead,
  documents: readonly FnDocumentRead[],
  { register, facts }: { register: Register; facts: Facts },
): ShiftDocument | null {
  const before = documents.find((one) => one.fdNumber === fdNumber - 1)
  return before?.kind === 'shift_opening' ? register.shiftDocument(before, facts) : null
}

function candidatesInWords(candidates: readonly FnDocumentRead[], fnNumber: string): string {
  const each = candidates.map(({ fdNumber, fiscalDatetime, totalKopecks }) => {
    const total = totalKopecks === null ? '' : `, ${formatRoubles(totalKopecks)} roubles`
    return `FD ${fdNumber} of ${fiscalDatetime}${total}`
  })
  const [which, asks] =
    each.length === 1
      ? ['a document that may be it', 'whether it is']
      : ['several documents that may be it', 'which one it is, or that none is']
  return `FN ${fnNumber} holds ${which}: ${each.join('; ')}. An operator has to say ${asks}`
}
