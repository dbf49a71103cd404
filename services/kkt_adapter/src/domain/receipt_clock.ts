import type { ReceiptId } from './receipt.ts'
import type { TaskId } from './task.ts'

const MAX_COUNTER = 0xfff

type Source = { wallMs: () => number; randomBytes: (length: number) => Uint8Array }

/**
 * Mints a receipt's id: a reading of the hybrid logical clock as a UUIDv7 (RFC 9562, method 1: 48 bits of milliseconds,
 * a 12-bit counter, 62 random bits). It sorts after the id before it, whatever the wall clock does and whichever
 * process minted that one.
 * @param last the greatest id that the buffer ever held, or '' for a new buffer
 */
export const nextReceiptId = (last: string, source: Source): ReceiptId => nextId(last, source) as ReceiptId

/** Mints a task's id, from the same row of ids as those of receipts. */
export const nextTaskId = (last: string, source: Source): TaskId => nextId(last, source) as TaskId

function nextId(last: string, { wallMs, randomBytes }: Source): string {
  const nowMs = wallMs()
  const { ms, counter } = last === '' ? { ms: 0, counter: 0 } : reading(last)
  if (nowMs > ms) return format(nowMs, 0, randomBytes(8))
  return counter < MAX_COUNTER ? format(ms, counter + 1, randomBytes(8)) : format(ms + 1, 0, randomBytes(8))
}

/** The parts of `mmmmmmmm-mmmm-7ccc-rrrr-rrrrrrrrrrrr`. */
function reading(id: string): { ms: number; counter: number } {
  return { ms: mintedAtMs(id), counter: Number.parseInt(id.slice(15, 18), 16) }
}

/** When an id was minted, by the hybrid logical clock, in Unix milliseconds. */
export const mintedAtMs = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** The prefix of ids minted at this time. It sorts after all earlier ids and before all others. */
export function idsBegin(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}`
}

function format(ms: number, counter: number, random: Uint8Array): string {
  const [first = 0] = random
  const tail = Buffer.from(random)
  // The variant's two bits, 10, lead the random part.
  tail[0] = 0x80 | (first & 0x3f)
  const hex = tail.toString('hex')
  const count = counter.toString(16).padStart(3, '0')
  return `${idsBegin(ms)}-7${count}-${hex.slice(0, 4)}-${hex.slice(4)}`
}
