/** Answers of a mock's control side that wire.ts does not have. */
import { z } from 'zod'
import { mockCall, mockConfig } from './wire.ts'

const count = z.int().min(0)

/** A parameter in JSON Schema. */
const plain = z.looseObject({
  type: z.string(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
})
const parameter = plain.extend({ properties: z.record(z.string(), plain).optional() })

/** A fault of the catalogue. */
export const fault = z.strictObject({
  name: z.string(),
  summary: z.string().min(1),
  operation: z.enum(['submit', 'lookup', 'any']),
  parameters: z.looseObject({
    properties: z.record(z.string(), parameter),
    required: z.array(z.string()).optional(),
  }),
  /** The parameter that a bare number sets. Null for a fault that is only on or off. */
  bare_number: z.string().nullable(),
  /** A configuration that puts the fault on. */
  example: z.record(z.string(), z.unknown()),
  /** The value that ends it. */
  off: z.union([z.boolean(), z.string(), z.int()]),
})
export type Fault = z.infer<typeof fault>
export const faults = z.strictObject({ faults: z.array(fault) })

export const counters = z.looseObject({
  calls: count,
  submits: count,
  lookups: count,
  by_outcome: z.record(z.string(), count),
  by_fault: z.record(z.string(), count),
})

export const waited = z.looseObject({ status: z.literal('reached') })

export const event = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('config'), data: mockConfig }),
  z.strictObject({ event: z.literal('call'), data: mockCall }),
  z.strictObject({ event: z.literal('reset'), data: z.strictObject({}) }),
])

/** An exported state. Tests only import it again, so its parts are not checked. */
export const state = z.looseObject({ version: z.int(), service: z.string(), configuration: mockConfig, counters })
export const imported = z.strictObject({ status: z.literal('imported'), counters })
