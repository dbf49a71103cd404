import fc from 'fast-check'
import type { Command } from './command.ts'

export type Weighed<T> = [weight: number, arbitrary: fc.Arbitrary<T>]

export const weighed = <T>(...choices: Weighed<T>[]) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** Shrinks towards the first choice, whichever was drawn. */
export const simplestFirst = <T>(...choices: Weighed<T>[]) =>
  fc.oneof({ withCrossShrink: true }, ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

export const one = <const T>(...values: T[]) => fc.constantFrom(...values)
export const from = (min: number, max: number) => fc.integer({ min, max })
export const names = <Name extends string>(table: Record<Name, unknown>) =>
  fc.constantFrom(...(Object.keys(table) as Name[]))
export const just = <Do extends Command['do']>(what: Do) => fc.constant(what)

export const node = one(0, 1)
