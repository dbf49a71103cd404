import { centred, fill, justified, words } from './columns.ts'
import type { Block, Section } from './sections.ts'

/** The columns of a line of font A: 58 mm paper has 32, 80 mm paper 48. */
export const WIDTHS = [32, 48] as const
export type Width = (typeof WIDTHS)[number]

export type LaidBlock =
  | { kind: 'lines'; lines: readonly string[]; isStrong: boolean }
  /** Where a picture can be shown, it takes the place of the lines. */
  | { kind: 'qr'; data: string; lines: readonly string[] }

/** Breaks a slip into lines of at most `width` columns. */
export const layOut = (sections: readonly Section[], width: Width): LaidBlock[][] =>
  sections.map((blocks) => blocks.map((block) => laid(block, width)))

function laid(block: Block, width: Width): LaidBlock {
  switch (block.kind) {
    case 'title': {
      const lines = fill(words(block.text), width).map((line) => centred(line, width))
      return { kind: 'lines', lines, isStrong: true }
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
      const pieces = block.facts.map((fact) => `${fact}  `)
      return { kind: 'lines', lines: fill(pieces, width), isStrong: false }
    }
    case 'qr':
      return { kind: 'qr', data: block.data, lines: fill(block.data.split(/(?<=&)/), width) }
  }
}

const indented = (lines: readonly string[], columns: number): string[] =>
  lines.map((line) => `${' '.repeat(columns)}${line}`)
