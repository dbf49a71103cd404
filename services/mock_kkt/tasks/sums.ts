import { MICRO, QUANTITY_PLACES } from '@kkt/adapter/src/domain/money.ts'
import { DriverError, type ErrorCode } from './errors.ts'

/** The greatest sum of one item, 42 949 672.95 roubles: the register counts its kopecks in 32 bits. */
export const MAX_ITEM_KOPECKS = 4_294_967_295
/** The greatest total of a receipt, 999 999 999.99 roubles. */
export const MAX_TOTAL_KOPECKS = 99_999_999_999
/** 99 999 999 units, so that the millionths stay whole. */
const MAX_QUANTITY_MICRO = 99_999_999 * MICRO

/** A larger number has no kopecks left. */
const MAX_ROUBLES = 1e12

/**
 * Roubles of the wire in whole kopecks. Two decimals are exact, and more are rounded.
 * @throws DriverError with `code` for a negative sum, and for one that no counter holds
 */
export function kopecks(roubles: number, code: ErrorCode, detail: string): number {
  if (roubles < 0 || roubles > MAX_ROUBLES) throw new DriverError(code, detail)
  return inUnits(roubles, 2)
}

/** @throws DriverError 17 for nothing, less, or far too much */
export function millionths(quantity: number, detail: string): number {
  if (quantity <= 0 || quantity > MAX_QUANTITY_MICRO / MICRO) throw new DriverError(17, detail)
  const micro = inUnits(quantity, QUANTITY_PLACES)
  if (micro === 0) throw new DriverError(17, detail)
  return micro
}

/** A number of at most so many decimals is exact here, whatever double stands for it. */
const inUnits = (value: number, places: number): number => Math.round(value * 10 ** places)
