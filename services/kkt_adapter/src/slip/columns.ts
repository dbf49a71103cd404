const graphemes = new Intl.Segmenter('ru', { granularity: 'grapheme' })

/** Characters that fonts and printers draw two columns wide: emoji and East Asian script. */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/u

/** The letters of Russian and English texts, which need no segmenter: one column each. */
const PLAIN = /^[ -~\u00a0-\u00ac\u0401\u0410-\u044f\u0451]*$/

/** The characters as a reader counts them: each with its marks. */
const charactersOf = (text: string): string[] =>
  PLAIN.test(text) ? text.split('') : [...graphemes.segment(text)].map(({ segment }) => segment)

const widthOf = (character: string): 1 | 2 => (WIDE.test(character) ? 2 : 1)

/** How many columns of a monospaced line a text takes. */
export const columnsOf = (text: string): number =>
  PLAIN.test(text) ? text.length : charactersOf(text).reduce((sum, character) => sum + widthOf(character), 0)

/** The words of a text, each with the space behind it. A no-break space holds two words together. */
export const words = (text: string): string[] =>
  text
    .split(/[^\S\u00a0\u202f]+/)
    .filter((word) => word.trim() !== '')
    .map((word) => `${word} `)

/**
 * Puts as many pieces on each line as fit. A piece is broken only where it is longer than a line. Spaces at the end of a
 * line are dropped.
 * @param width columns, at least 2
 */
export function fill(pieces: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const end = () => {
    if (used > 0) lines.push(line.trimEnd())
    line = ''
    used = 0
  }
  for (const piece of pieces) {
    const shown = piece.trimEnd()
    const characters = charactersOf(shown).map((character) => ({ character, columns: widthOf(character) }))
    const needed = characters.reduce((sum, { columns }) => sum + columns, 0)
    if (used + needed > width) end()
    for (const { character, columns } of characters) {
      if (used + columns > width) end()
      line += character
      used += columns
    }
    const spaces = piece.slice(shown.length)
    line += spaces
    used += spaces.length
  }
  end()
  return lines
}

export const centred = (line: string, width: number): string =>
  `${' '.repeat(Math.floor((width - columnsOf(line)) / 2))}${line}`

/** A label at the left and a value at the right end of its last line, or of a line of its own where they do not fit. */
export function justified({ label, value }: { label: string; value: string }, width: number): string[] {
  const lines = fill(words(label), width)
  const last = lines.pop() ?? ''
  const gap = width - columnsOf(last) - columnsOf(value)
  if (gap > 0) return [...lines, `${last}${' '.repeat(gap)}${value}`]
  return [...lines, last, ' '.repeat(width - columnsOf(value)) + value]
}
