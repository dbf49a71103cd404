/** Two decimals of at most 15 digits never share a double, so the double tells the decimal. */
const EXACT_BELOW = 1e15

/**
 * Reads a JSON number as a whole number of its smallest unit: `decimalToUnits(149.9, 2)` is 14990. Nothing is rounded: the
 * units divided give the same number again.
 * @returns undefined for a number with more than `places` decimals, or with more than 15 digits
 */
export function decimalToUnits(value: number, places: number): number | undefined {
  const scale = 10 ** places
  const units = Math.round(value * scale)
  if (!(Math.abs(units) < EXACT_BELOW) || units / scale !== value) return undefined
  // Not -0.
  return units + 0
}

/** 154980 kopecks in the roubles of the wire: 1549.8. */
export const toRoubles = (kopecks: number): number => kopecks / 100

/** 154980 kopecks as people write them: `1549.80`. */
export const formatRoubles = (kopecks: number): string => (kopecks / 100).toFixed(2)

/** Quantities are whole numbers of millionths: FFD 1.2 has six decimals. */
export const QUANTITY_PLACES = 6
/** The quantity 1. */
export const MICRO = 10 ** QUANTITY_PLACES

/** 1500000 millionths in the units of the wire: 1.5. */
export const toUnits = (quantityMicro: number): number => quantityMicro / MICRO

/** 1500000 millionths as people write them: `1.5`. */
export function formatQuantity(quantityMicro: number): string {
  const decimals = String(quantityMicro % MICRO)
    .padStart(QUANTITY_PLACES, '0')
    .replace(/0+$/, '')
  const whole = String(Math.floor(quantityMicro / MICRO))
  return decimals === '' ? whole : `${whole}.${decimals}`
}

/** A kopeck in the unit of a product of kopecks and millionths. */
const KOPECK = BigInt(MICRO)

/** Whether a total is price times quantity, give or take a kopeck, as KKTs take it. The product may exceed 2^53. */
export function isTotalOf(totalKopecks: number, priceKopecks: number, quantityMicro: number): boolean {
  const offBy = BigInt(priceKopecks) * BigInt(quantityMicro) - BigInt(totalKopecks) * KOPECK
  return offBy >= -KOPECK && offBy <= KOPECK
}
