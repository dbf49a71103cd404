/** How much of a state is saved, and the checks of an imported one. */
import { Problem } from '@kkt/platform/problem.ts'
import { z } from 'zod'
import { MAX_FINDINGS } from './finding.ts'

const MIB = 1024 * 1024

/** Longer than any that a mock writes. */
const MAX_POINTER_LENGTH = 256
const MAX_CODE_LENGTH = 64
const MAX_MESSAGE_LENGTH = 1024

/** A list's size limits as JSON. Small values take twenty times their text's memory, so their number is limited. */
export type Room = { bytes: number; values: number }

/** For the documents that a mock has taken: 20 000 receipts of 1.6 KB and 75 values each. */
export const LEDGER_ROOM: Room = { bytes: 32 * MIB, values: 1_500_000 }
/** For the calls, and for the attempt counts: twice the usual size of 10 000 calls or 100 000 counts. */
export const CALLS_ROOM: Room = { bytes: 8 * MIB, values: 250_000 }
/** More than all other parts can take: each fault with its maximum of plans, and the notes about each till. */
const OTHERS_ROOM: Room = { bytes: 12 * MIB, values: 500_000 }

/** No export is larger, because its lists are cut to their limits. */
export const MAX_STATE_BYTES = LEDGER_ROOM.bytes + 2 * CALLS_ROOM.bytes + OTHERS_ROOM.bytes
const MAX_STATE_VALUES = LEDGER_ROOM.values + 2 * CALLS_ROOM.values + OTHERS_ROOM.values

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const OPENING_BRACE = 0x7b

/** The number of values in a JSON text, or slightly more, counted before any memory is spent on them. */
export function valuesIn(text: string): number {
  let count = 1
  let isInString = false
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) isInString = !isInString
    else if (isInString) i += code === BACKSLASH ? 1 : 0
    else if (code === COMMA || code === OPENING_BRACKET || code === OPENING_BRACE) count += 1
  }
  return count
}

/** @throws Problem 413 for a text of more values than an export has */
export function checkSize(text: string): void {
  if (valuesIn(text) <= MAX_STATE_VALUES) return
  const detail = `The state has more than ${MAX_STATE_VALUES} values, and no export has so many. Send one as a mock exported it.`
  throw new Problem(413, 'body_too_large', detail)
}

/**
 * The newest things of a list that fit into the room together.
 * @param things oldest first
 * @param shown turns a thing into its saved form; called for the newest only
 */
export function newestThatFit<T, Saved>(things: readonly T[], room: Room, shown: (thing: T) => Saved): Saved[] {
  const left = { ...room }
  const fitting: Saved[] = []
  for (const thing of things.toReversed()) {
    const saved = shown(thing)
    const text = JSON.stringify(saved)
    left.bytes -= Buffer.byteLength(text) + ','.length
    left.values -= valuesIn(text)
    if (left.bytes < 0 || left.values < 0) break
    fitting.push(saved)
  }
  return fitting.reverse()
}

/** The findings about a document. Missing in the first exports. */
export const savedFindings = z
  .array(
    z.strictObject({
      tag: z.int().nullable(),
      pointer: z.string().max(MAX_POINTER_LENGTH),
      code: z.string().max(MAX_CODE_LENGTH),
      message: z.string().max(MAX_MESSAGE_LENGTH),
    }),
  )
  .max(MAX_FINDINGS)
  .default([])

export const count = z.int().min(0)

/** The last moment whose ISO form has a year of four digits. A larger number has no date to show. */
const LAST_MOMENT_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
/** Unix milliseconds. */
export const moment = z.number().min(0).max(LAST_MOMENT_MS)

/** An object with a limited number of fields, counted before they are checked because each error takes memory. */
export function recordOf<T extends z.ZodType>(name: z.ZodString, value: T, most: number) {
  const isBounded = (given: unknown) => typeof given !== 'object' || given === null || Object.keys(given).length <= most
  return z.custom<unknown>(isBounded, `must have at most ${most} fields`).pipe(z.record(name, value))
}

/**
 * Refuses a list of the newest things that contradicts the total.
 * @param isNumbered whether the thing carries this ordinal, from 1
 */
export function checkNumbers<T>(
  ctx: z.RefinementCtx,
  { list, path, total }: { list: readonly T[]; path: string; total: number },
  isNumbered: (thing: T, number: number) => boolean,
): void {
  const before = total - list.length
  if (before < 0) {
    ctx.addIssue({ code: 'custom', path: ['total'], message: `must be at least the number of ${path}` })
    return
  }
  const wrong = list.findIndex((thing, i) => !isNumbered(thing, before + i + 1))
  if (wrong === -1) return
  ctx.addIssue({ code: 'custom', path: [path, wrong], message: 'must have the number that total gives it' })
}
