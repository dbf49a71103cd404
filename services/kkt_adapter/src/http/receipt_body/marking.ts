import { z } from 'zod'
import { MARKING_STATUSES, type Marking, type MarkingStatus } from '../../domain/marking.ts'
import { said } from '../../domain/said.ts'
import { fault, oneOf } from './fields.ts'

const MAX_CODE_BYTES = 256
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const error = fault((words) => words.markingCode(MAX_CODE_BYTES))
const bytesOf = (base64: string): number => (base64.length / 4) * 3 - (base64.match(/=+$/)?.[0].length ?? 0)

const FRACTION = /^([1-9][0-9]{0,4})\/([1-9][0-9]{0,4})$/
const mustBeFraction = 'must be a fraction below 1, as 1/2'

function isProper(fraction: string): boolean {
  const [, numerator, denominator] = FRACTION.exec(fraction) ?? []
  return Number(numerator) < Number(denominator)
}

export const markingFields = {
  marking_code: z
    .string({ error })
    .refine((code) => code !== '' && BASE64.test(code) && bytesOf(code) <= MAX_CODE_BYTES, { error })
    .meta({
      description:
        'The whole marking code (tag 2000) in base64, because it holds GS characters. Only in a sale or refund',
      contentEncoding: 'base64',
      minLength: 4,
      maxLength: 4 * Math.ceil(MAX_CODE_BYTES / 3),
    })
    .optional(),
  marking_status: oneOf(
    MARKING_STATUSES,
    'The planned status of the marked good (tag 2003). Without it, it is by `type` and `measure`',
  ).optional(),
  fraction: z
    .string(mustBeFraction)
    .refine(isProper, mustBeFraction)
    .meta({ description: 'The sold part of a marked package (tag 1291), as `1/2`', pattern: FRACTION.source })
    .optional(),
}

type MarkingFields = {
  marking_code?: string | undefined
  marking_status?: MarkingStatus | undefined
  fraction?: string | undefined
}

/** @returns the fields that the till said; null where some are there without the code */
export function markingOf({ marking_code, marking_status, fraction }: MarkingFields): Marking | null {
  if (marking_code !== undefined) {
    return said({ markingCode: marking_code, markingStatus: marking_status, fraction })
  }
  return marking_status === undefined && fraction === undefined ? {} : null
}
