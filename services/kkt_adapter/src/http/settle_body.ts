import { z } from 'zod'
import { originalFields } from './receipt_body/correction.ts'

/** As `fiscal_datetime` of an answer. Paper has no seconds. A document's time is local, so that UTC's Z is none. */
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?[+-]\d{2}:\d{2}$/
const mustBeTime = 'must be the time on the document with its zone, as 2026-11-22T16:43:00+03:00'

/** An FN keeps minutes. */
const toTheMinute = (text: string): string =>
  `${text.slice(0, 'yyyy-mm-ddThh:mm'.length)}:00${text.slice(-'+03:00'.length)}`

const number = (description: string) =>
  z
    .int()
    .min(1)
    .max(2 ** 31)
    .meta({ description })

/** Whether the FN made a document of the receipt, and which. */
export const settleBody = z.discriminatedUnion(
  'printed',
  [
    z.strictObject({
      printed: z.literal(false).meta({ description: 'It made none: the receipt is printed now' }),
    }),
    z.strictObject({
      printed: z.literal(true).meta({ description: 'It made this one, which is delivered' }),
      fd: originalFields.shape.fd.unwrap(),
      fpd: originalFields.shape.fpd.unwrap(),
      fiscal_datetime: z
        .string(mustBeTime)
        .regex(DATETIME, mustBeTime)
        .transform(toTheMinute)
        .pipe(z.iso.datetime({ offset: true, error: mustBeTime }))
        .meta({ description: 'The time on the document, with its zone: `2026-11-22T16:43:00+03:00`' }),
      shift_number: number(
        'The shift on the document. Needed where the document before it is not in the journal',
      ).optional(),
      receipt_number: number(
        'The number within the shift. Needed where the document before it is not in the journal',
      ).optional(),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'must be true or false' : undefined) },
)

export type Settlement = z.output<typeof settleBody>
