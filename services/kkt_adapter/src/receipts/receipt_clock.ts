import type { ReceiptId } from './receipt.ts'

/** Mints the ids of receipts. */
export type ReceiptClock = { next(): ReceiptId }

const MAX_COUNTER = 0xfff

/**
 * A hybrid logical clock whose readings are UUIDv7s (RFC 9562, method 1: 48 bits of milliseconds, then a 12-bit counter,
 * then 62 random bits): each id sorts after the one before it, also when the wall clock is set back, and after a restart.
 * @param last the greatest id ever minted for this buffer, or '' for a new one
 */
export function createReceiptClock(
  deps: { wallMs: () => number; randomBytes: (length: number) => Uint8Array },
  last: string,
): ReceiptClock {
  let { ms, counter } = last === '' ? { ms: 0, counter: 0 } : reading(last)
  return {
    next() {
      const wallMs = deps.wallMs()
      if (wallMs > ms) {
        ms = wallMs
        counter = 0
      } else if (counter < MAX_COUNTER) {
        counter += 1
      } else {
        ms += 1
        counter = 0
      }
      return format(ms, counter, deps.randomBytes(8))
    },
  }
}

function reading(id: string): { ms: number; counter: number } {
  const hex = id.replaceAll('-', '')
  return { ms: Number.parseInt(hex.slice(0, 12), 16), counter: Number.parseInt(hex.slice(13, 16), 16) }
}

function format(ms: number, counter: number, random: Uint8Array): ReceiptId {
  const time = ms.toString(16).padStart(12, '0')
  const [first = 0, ...rest] = random
  // The variant's two bits, 10, lead the random part.
  const tail = [0x80 | (first & 0x3f), ...rest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const hex = `${time}7${counter.toString(16).padStart(3, '0')}${tail}`
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-') as ReceiptId
}
