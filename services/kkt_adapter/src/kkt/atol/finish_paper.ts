import { errorInWords, NO_SUCH_DOCUMENT, needsPerson, ruleOf } from './errors.ts'
import { unknown } from './outcomes.ts'
import { REPORT_LIMIT_MS, type Requests, readOne } from './requests.ts'

/** The paper of a document, after the register was asked for the rest of it. */
export type FinishedPaper =
  | { kind: 'printed' }
  | { kind: 'nothing_to_print' }
  /** It is not printed yet. `isInterrupted`: the rest was interrupted, too. */
  | { kind: 'hindered'; isInterrupted: boolean; reason: string }
  /** Its end was not learnt. */
  | { kind: 'unknown'; reason: string }

/**
 * Has the register print the rest of a document that was interrupted, and close it where it was not closed. Until it has, nothing
 * tells whether the document will be there.
 */
export async function finishPaper(requests: Requests): Promise<FinishedPaper> {
  const end = await readOne(requests, { type: 'continuePrint' }, REPORT_LIMIT_MS)
  if (end.kind === 'open') return unknown(end.reason)
  if (end.kind === 'ready') return { kind: 'printed' }
  if (end.kind !== 'failed')
    return { kind: 'hindered', isInterrupted: false, reason: 'the KKT has not printed the rest of it' }
  const rule = ruleOf(end.error.code)
  const isInterrupted = rule?.way === 'continue_print'
  const isHindered = isInterrupted || needsPerson(rule) || rule?.way === 'retry'
  // Another error may say that there is nothing to print: its number is not known.
  if (!isHindered || end.error.code === NO_SUCH_DOCUMENT) return { kind: 'nothing_to_print' }
  return { kind: 'hindered', isInterrupted, reason: errorInWords(end.error, null) }
}

/** The reason why an interrupted document may still come into the FN. Null where its paper is finished. */
export const whyUnfinished = (paper: FinishedPaper): string | null =>
  paper.kind === 'hindered' || paper.kind === 'unknown' ? paper.reason : null
