/** mulberry32: whole numbers from 0 to below 2^32, repeatable by seed. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** Whole numbers from 0 to below `limit`, repeatable by seed. */
export function drawsFrom(seed: number): (limit: number) => number {
  const next = numbersFrom(seed)
  return (limit) => next() % limit
}

/** Numbers from 0 to below 1, repeatable by the words. */
export function randomOf(...words: (string | number)[]): () => number {
  const next = numbersFrom(hash(words.join('\n')))
  return () => next() / 2 ** 32
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value
}
