/** Grows with every change of holder, so that the KKT and the OFD can refuse a holder of old. */
export type FencingToken = number & { readonly __brand: 'FencingToken' }

/**
 * No token is greater: up to here one more than a token is exact in SQLite, in Lua and in JavaScript. Tokens are read off the
 * wall clock in milliseconds, which gets here in the year 144683. Here they stay: the same one is given again.
 */
export const MAX_TOKEN = 2 ** 52

/** Whether a number that came from outside can be a token. */
export const isToken = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKEN
