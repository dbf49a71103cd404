/** The fields of plans. Each has a description and an error text that names the values it takes. */
import { z } from 'zod'

/** Longer than any client waits, and longer than a test should take. */
export const MAX_SECONDS = 3600
export const MAX_COUNT = 1_000_000
export const MAX_ID_LENGTH = 128

const number = (takes: string, min: number, max: number, what: string) =>
  z.number(takes).min(min, takes).max(max, takes).meta({ description: what })

export const seconds = (what: string, { min = 0, max = MAX_SECONDS } = {}) =>
  number(`takes seconds from ${min} to ${max}`, min, max, `${what}, in seconds`)

export const share = (what: string) => number('takes a number from 0 to 1', 0, 1, what)

export const spread = (what: string) => number('takes a number from 0 to 5', 0, 5, what)

export const perSecond = (what: string) => number('takes a number from 0.001 to 1000000', 0.001, MAX_COUNT, what)

export const wholeNumber = (what: string, { min = 0, max = MAX_COUNT } = {}) => {
  const takes = `takes a whole number from ${min} to ${max}`
  return z.int(takes).min(min, takes).max(max, takes).meta({ description: what })
}

export const flag = (what: string) => z.boolean('takes true or false').meta({ description: what })

export const id = (what: string) => {
  const takes = `takes a string of 1 to ${MAX_ID_LENGTH} characters`
  return z.string(takes).min(1, takes).max(MAX_ID_LENGTH, takes).meta({ description: what })
}
