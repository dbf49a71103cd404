import { type ErrorRule, errorInWords, needsPerson, ruleOf } from './errors.ts'
import { REPORT_LIMIT_MS, type Requests } from './requests.ts'

/**
 * Has the register print the rest of a document that was interrupted, and close it where it was not closed. Until it has, nothing
 * tells whether the document will be there.
 * @returns why it has not; null where it has, or has nothing to print
 */
export async function finishPaper(requests: Requests): Promise<string | null> {
  const ends = await requests.read([{ type: 'continuePrint' }], REPORT_LIMIT_MS)
  if (!Array.isArray(ends)) return ends.reason
  const [end] = ends
  if (end?.kind === 'ready') return null
  if (end?.kind !== 'failed') return 'the KKT has not printed the rest of it'
  // Another error may say that there is nothing to print: its number is not known.
  return hinders(ruleOf(end.error.code)) ? errorInWords(end.error) : null
}

const hinders = (rule: ErrorRule | null): boolean =>
  needsPerson(rule) || rule?.way === 'retry' || rule?.way === 'continue_print'
