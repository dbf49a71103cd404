import type { ReceiptId } from './receipt.ts'

const MAX_COUNTER = 0xfff

/**
 * Mints a receipt's id: the reading of a hybrid logical clock as a UUIDv7 (RFC 9562, method 1: 48 bits of milliseconds,
 * then a 12-bit counter, then 62 random bits). It sorts after the one before it, whatever the wall clock does in between
 * and whichever process minted that one.
 * @param last the greatest id that the buffer ever held, or '' for a new buffer
 */
export function nextReceiptId(
  last: string,
  { wallMs, randomBytes }: { wallMs: () => number; randomBytes: (length: number) => Uint8Array },
): ReceiptId {
  const nowMs = wallMs()
  const { ms, counter } = last === '' ? { ms: 0, counter: 0 } : reading(last)
  if (nowMs > ms) return format(nowMs, 0, randomBytes(8))
  return counter < MAX_COUNTER ? format(ms, counter + 1, randomBytes(8)) : format(ms + 1, 0, randomBytes(8))
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
