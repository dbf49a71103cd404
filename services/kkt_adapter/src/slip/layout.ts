import type { Block, Section } from './blocks.ts'
import { centred, columnsOf, fill, justified, words } from './columns.ts'

/** The columns of a line of font A: 58 mm paper has 32, 80 mm paper 48. */
export const WIDTHS = [32, 48] as const
export type Width = (typeof WIDTHS)[number]

export type LaidBlock =
  | { kind: 'lines'; lines: readonly string[]; isStrong: boolean }
  /** Where a picture can be shown, it takes the place of the lines. */
  | { kind: 'qr'; data: string; lines: readonly string[] }

const BETWEEN_FACTS = '  '

/** Breaks a slip into lines of at most `width` columns. */
export const layOut = (sections: readonly Section[], width: Width): LaidBlock[][] =>
  sections.map((blocks) => blocks.map((block) => laid(block, width)))

function laid(block: Block, width: Width): LaidBlock {
  switch (block.kind) {
    case 'centred': {
      const { text, isStrong = false } = block
      const lines = fill(words(text), width).map((line) => centred(line, width))
      return { kind: 'lines', lines, isStrong }
    }
    case 'text': {
      const { text, indent = 0 } = block
      return { kind: 'lines', lines: indented(fill(words(text), width - indent), indent), isStrong: false }
    }
    case 'pair': {
      const { indent = 0, isStrong = false } = block
      return { kind: 'lines', lines: indented(justified(block, width - indent), indent), isStrong }
    }
    case 'facts': {
      const { facts, indent = 0 } = block
      const pieces = facts.flatMap((fact) => piecesOf(fact, width - indent))
      return { kind: 'lines', lines: indented(fill(pieces, width - indent), indent), isStrong: false }
    }
    case 'qr':
      return { kind: 'qr', data: block.data, lines: fill(block.data.split(/(?<=&)/), width) }
  }
}

/** A fact in one piece, or its words where it is longer than a line. */
function piecesOf(fact: string, width: number): string[] {
  if (columnsOf(fact) <= width) return [fact + BETWEEN_FACTS]
  const pieces = words(fact)
  return pieces.with(-1, (pieces.at(-1)?.trimEnd() ?? '') + BETWEEN_FACTS)
}

const indented = (lines: readonly string[], columns: number): string[] =>
  lines.map((line) => `${' '.repeat(columns)}${line}`)
