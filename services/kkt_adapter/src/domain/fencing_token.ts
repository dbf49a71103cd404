/** Grows with every change of holder, so that the KKT and the OFD can refuse an earlier holder. */
export type FencingToken = number & { readonly __brand: 'FencingToken' }

/**
 * The highest token. Up to here a token's successor is exact in SQLite, in Lua and in JavaScript. Tokens come from the
 * wall clock in milliseconds, which gets here in the year 144683. From then on the same token is given again.
 */
export const MAX_TOKEN = 2 ** 52

/** Whether a number from outside can be a token. */
export const isToken = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKEN
