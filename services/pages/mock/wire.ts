/** The answers of a mock's test control, as its page reads them. A test compares them with the fault kit's. */

/** The part of JSON Schema that parameters of faults are described with. */
export type Schema = {
  type?: string
  description?: string
  enum?: readonly string[]
  minimum?: number
  maximum?: number
  default?: unknown
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
}

export type Fault = {
  name: string
  summary: string
  /** The calls that it usually strikes. */
  operation: 'submit' | 'lookup' | 'any'
  parameters: Schema
  /** The parameter that a bare number sets. Null for a switch. */
  bare_number: string | null
  example: Readonly<Record<string, unknown>>
  /** The value that ends it. */
  off: unknown
}

/** The faults that are on, by their names, with `sequence` and `seed` beside them. */
export type Configuration = Readonly<Record<string, unknown>>

export type Call = {
  number: number
  time: string | null
  operation: 'submit' | 'lookup'
  receipt_id: string | null
  pos_id: string | null
  kkt_id: string | null
  attempt: number
  fault: string | null
  effect: boolean
  reply_sent: boolean
  status: number | null
  under_way: boolean
  /** The things that are wrong with the document. */
  findings: readonly Finding[]
  /** The first task that it sent, where the mock does tasks. */
  task?: { type: string; status: string | null; fd_number: number | null } | undefined
}

/** `tag` is null for a field that has none. `message` continues a sentence that begins with the place. */
export type Finding = { tag: number | null; pointer: string; code: string; message: string }

/** The beginning of a text, and how long the whole is. */
export type Piece = { text: string; length: number }

export type Wire = { sent: Piece | null; answered: Piece | null; struck: { fault: string; summary: string }[] }

/** `wire` is kept of the newest calls, `wire_kept_of` at most. */
export type CallInFull = Call & { wire: Wire | null; wire_kept_of: number }

export type Counters = Readonly<Record<string, unknown>>

export const EVENTS = ['config', 'call', 'reset'] as const
