/**
 * Reads a JSON number as a whole number of its smallest unit: `decimalToUnits(149.9, 2)` is 14990. It reads the
 * shortest decimal form of the number, so nothing is rounded.
 * @returns undefined for a number with more than `places` decimals, or too large to be exact
 */
export function decimalToUnits(value: number, places: number): number | undefined {
  const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(String(value))
  const [, whole = '', fraction = ''] = parts ?? []
  if (!parts || fraction.length > places) return undefined
  const units = Number(whole + fraction.padEnd(places, '0'))
  return Number.isSafeInteger(units) ? units : undefined
}

/** 154980 kopecks in the roubles of the wire: 1549.8. */
export const toRoubles = (kopecks: number): number => kopecks / 100

/** 154980 kopecks as people write them: `1549.80`. */
export const formatRoubles = (kopecks: number): string => (kopecks / 100).toFixed(2)

/** Price times quantity, rounded half up to the kopeck. The product may exceed 2^53. */
export function multiply(priceKopecks: number, quantityMilli: number): number {
  return Number((BigInt(priceKopecks) * BigInt(quantityMilli) + 500n) / 1000n)
}
