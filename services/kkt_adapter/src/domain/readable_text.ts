import { spoken } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import { RECEIPT_WORDS } from './words/words.ts'

/** A visible character: no space, zero-width or bidirectional mark, or filler. */
const VISIBLE = String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]`
/** No control characters, and no half of a surrogate pair. */
const TAKEN = String.raw`[^\p{Cc}\p{Cs}]`

/**
 * Text for people. It is normalised to Unicode's NFC first, so that equal letters are equal text.
 * @param maxCharacters code points in NFC
 */
export function readableText(maxCharacters: number) {
  const error = spoken(RECEIPT_WORDS, ({ faults }) => faults.text(maxCharacters))
  const pattern = new RegExp(`^(?=.*${VISIBLE})${TAKEN}{1,${maxCharacters}}$`, 'v')
  // JSON Schema has no differences of character classes: fillers pass its pattern, and are refused here.
  const published = String.raw`^(?=.*[\p{L}\p{N}\p{P}\p{S}])${TAKEN}+$`
  return z
    .string({ error })
    .normalize('NFC')
    .regex(pattern, { error })
    .meta({ minLength: 1, maxLength: maxCharacters, pattern: published })
}
