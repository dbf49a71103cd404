import { z } from 'zod'

/** A visible character: no space, zero-width or bidirectional mark, or filler. */
const VISIBLE = String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]`
/** No control characters, and no half of a surrogate pair. */
const TAKEN = String.raw`[^\p{Cc}\p{Cs}]`

/**
 * Text for people. It is normalised to Unicode's NFC first, so that equal letters are equal text.
 * @param maxCharacters code points in NFC
 */
export function readableText(maxCharacters: number) {
  const must = `must be 1 to ${maxCharacters} characters, none of them a control character, and one of them visible`
  const pattern = new RegExp(`^(?=.*${VISIBLE})${TAKEN}{1,${maxCharacters}}$`, 'v')
  // JSON Schema has no differences of character classes: fillers pass its pattern, and are refused here.
  const published = String.raw`^(?=.*[\p{L}\p{N}\p{P}\p{S}])${TAKEN}+$`
  return z
    .string(must)
    .normalize('NFC')
    .regex(pattern, must)
    .meta({ minLength: 1, maxLength: maxCharacters, pattern: published })
}
