/** The time of a document. */
import type { Check } from './check.ts'
import { textIn } from './reading.ts'

const OFFSET = /[+-]\d\d:\d\d$/
const MINUTE_MS = 60_000

const minuteOf = (text: string | null): number => Math.floor(Date.parse(text ?? '') / MINUTE_MS)

export const localTime: Check = {
  code: 'local_time',
  tags: '1012',
  rule: "The document's time is local, with its offset, and `fiscal_instant` is of the same minute.",
  judges: '1.2',
  find({ fiscalDoc }, tell) {
    const local = textIn(fiscalDoc, 'fiscal_datetime')
    if (local === null) return
    if (!OFFSET.test(local)) tell(1012, '/fiscal_doc/fiscal_datetime', 'has no offset of the place, such as +03:00')
    const [here, there] = [minuteOf(local), minuteOf(textIn(fiscalDoc, 'fiscal_instant'))]
    // Not a number: the form check tells it.
    if (Number.isNaN(here) || Number.isNaN(there) || here === there) return
    tell(1012, '/fiscal_doc/fiscal_instant', 'is of another minute than fiscal_datetime')
  },
}
