const { SEED } = process.env

/** Random numbers that can be had again, with the seed that is printed. @returns a whole number from 0 to below `limit` */
export function seededRandom(what: string, seed = Number(SEED ?? Math.floor(Math.random() * 2 ** 32))) {
  console.log(`${what}: SEED=${seed} replays it`)
  // mulberry32
  let state = seed >>> 0
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}
