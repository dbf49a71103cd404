import type { Warning } from './differences.ts'
import type { ReceiptContent } from './receipt.ts'
import { RECEIPT_WORDS } from './words/words.ts'

/** The upper half of code page 866, in which an FN keeps texts and a KKT prints them. */
const UPPER_HALF = [
  'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0',
].join('')

const PRINTABLE = new RegExp(`^[ -~${UPPER_HALF}]*$`)
const BEYOND = new RegExp(`[^ -~${UPPER_HALF}]`, 'gu')

/** Characters beyond the code page that have a near one in it, by that one. */
const NEAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '"': '«»“”„‟″',
    "'": '‘’‚‛′´',
    '-': '‐‑‒–—―−',
    '.': '…',
    '/': '⁄÷',
    '·': '•',
    x: '×',
    р: '₽',
    I: 'І',
    i: 'і',
  }).flatMap(([near, characters]) => Array.from(characters, (character) => [character, near] as const)),
)

/** Characters that take no place of their own: marks on a letter, joiners, variation selectors. */
const WITHOUT_PLACE = /^[\p{M}\p{Default_Ignorable_Code_Point}]$/u
const MARKS = /\p{M}/gu
const SPACE = /^\s$/u

export const isPrintable = (text: string): boolean => PRINTABLE.test(text)

/** The text as a KKT prints it: a character beyond code page 866 becomes a near one, or `?`. */
export const printable = (text: string): string =>
  isPrintable(text) ? text : text.normalize('NFC').replace(BEYOND, nearest)

/** @param character beyond the code page */
function nearest(character: string): string {
  const near = NEAR.get(character)
  if (near !== undefined) return near
  if (SPACE.test(character)) return ' '
  if (WITHOUT_PLACE.test(character)) return ''
  const plain = Array.from(character.normalize('NFKD').replace(MARKS, ''), (part) => NEAR.get(part) ?? part).join('')
  return plain !== '' && isPrintable(plain) ? plain : '?'
}

/** The places that the warning names; the rest are counted. */
const MOST_NAMED = 5

/** The warnings of a receipt whose texts a KKT cannot print as they are. */
export function printWarnings(content: ReceiptContent, { warnings: words } = RECEIPT_WORDS.en): Warning[] {
  // Almost all receipts have nothing of that kind. To find that out takes a tenth of the time of naming the places.
  if (isAllPrintable(content)) return []
  const places = [...unprintable(content, '')]
  const message = words.notPrintable(places.slice(0, MOST_NAMED), Math.max(0, places.length - MOST_NAMED))
  return [{ code: 'not_printable', message }]
}

type Nest = Record<string, unknown> | unknown[]
const isNest = (value: unknown): value is Nest => typeof value === 'object' && value !== null

/** Whether a KKT can print each text in the value as it is. */
function isAllPrintable(value: unknown): boolean {
  if (typeof value === 'string') return isPrintable(value)
  if (!isNest(value)) return true
  if (Array.isArray(value)) return value.every(isAllPrintable)
  for (const name in value) if (!isAllPrintable(value[name])) return false
  return true
}

/** The pointers to texts that cannot be printed, in the wire's names. */
function* unprintable(value: unknown, pointer: string): Generator<string> {
  if (typeof value === 'string') {
    if (!isPrintable(value)) yield pointer
  } else if (isNest(value)) {
    for (const [name, part] of Object.entries(value)) yield* unprintable(part, `${pointer}/${inSnakeCase(name)}`)
  }
}

const inSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
