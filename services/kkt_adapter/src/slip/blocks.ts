import { formatRoubles } from '../domain/money.ts'
import type { FiscalDoc, ReceiptContent } from '../domain/receipt.ts'

/** A fiscalised receipt, as its slip shows it. */
export type Fiscalised = {
  content: ReceiptContent
  doc: FiscalDoc
  /** The sign (FPD) of the document that a refund or a correction answers to; null without one, or when it is not known. */
  originalSign: string | null
  /** The mock KKT made the document, so its slip says that it is no fiscal receipt. */
  isMock: boolean
}

/** One thing that a slip says. Its renderer gives it as many lines as it needs. */
export type Block =
  | { kind: 'centred'; text: string; isStrong?: true }
  /** Wrapped at words. @param indent columns */
  | { kind: 'text'; text: string; indent?: number }
  /** The value is at the right end of the line. */
  | { kind: 'pair'; label: string; value: string; indent?: number; isStrong?: true }
  /** Side by side as far as they fit. One is broken only where it is longer than a line. */
  | { kind: 'facts'; facts: readonly string[]; indent?: number }
  | { kind: 'qr'; data: string }

export type Section = readonly Block[]

/** A slip from top to bottom. `title`: of its page. */
export type Slip = { title: string; sections: readonly Section[] }

/** A line for a value that may be absent: `ЭЛ. АДР. ПОКУПАТЕЛЯ ivanov@example.com`. @param indent columns */
export const labelled = (label: string, value: string | undefined, indent = 0): Block[] =>
  value === undefined ? [] : [{ kind: 'text', text: `${label} ${value}`, indent }]

/** An amount at the right end of its line. */
export const amount = (label: string, kopecks: number, indent = 0): Block => ({
  kind: 'pair',
  label,
  value: sum(kopecks),
  indent,
})

/** `=1250.00`. */
export const sum = (kopecks: number): string => `=${formatRoubles(kopecks)}`

/** `yyyy-mm-dd` as people of this country write it: `22.11.2026`. */
export const inRussianOrder = (date: string): string => date.split('-').reverse().join('.')
