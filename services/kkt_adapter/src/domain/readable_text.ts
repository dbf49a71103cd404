import { z } from 'zod'

/** A character that shows something: no blank, no zero-width or bidirectional mark, no filler. */
const VISIBLE = String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]`
/** No control characters, and no half of a surrogate pair. */
const TAKEN = String.raw`[^\p{Cc}\p{Cs}]`

/**
 * Text that people read. It is brought to Unicode's form NFC first, in which the same letters are the same text.
 * @param maxCharacters code points, as NFC has them
 */
export function readableText(maxCharacters: number) {
  const must = `must be 1 to ${maxCharacters} characters, none of them a control character, and one of them visible`
  const pattern = new RegExp(`^(?=.*${VISIBLE})${TAKEN}{1,${maxCharacters}}$`, 'v')
  return z.string(must).normalize('NFC').regex(pattern, must)
}
