/** The forms of values in a register's answers. A value of another form makes the answer one that does not fit. */
import { z } from 'zod'
import { FFD_VERSIONS, type FfdVersion } from '../../domain/ffd.ts'

export const count = z.int().nonnegative()

/** Roubles, in kopecks. A sum that the driver added up in floating point may be off by less than a kopeck. */
export const kopecks = z
  .number()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER / 100)
  .transform((roubles) => Math.round(roubles * 100))

/** A number of digits. The driver pads some with spaces. */
export const trimmed = z.string().transform((text) => text.trim())

/** A time by the KKT's clock: as it is told, with its offset, and in Unix milliseconds. */
export type RegisterTime = { text: string; instantMs: number }

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** @returns null for a text that is no time with an offset */
export function readTime(told: string): RegisterTime | null {
  const [, local, zone] = TIME.exec(told) ?? []
  if (local === undefined || zone === undefined) return null
  const text = `${local}${zone === 'Z' ? '+00:00' : zone}`
  const instantMs = Date.parse(text)
  return Number.isNaN(instantMs) ? null : { text, instantMs }
}

/** The offset of a time, as `+03:00`. */
export const offsetOf = ({ text }: Pick<RegisterTime, 'text'>): string => text.slice(-'+03:00'.length)

export const time = z.string().transform((told, context) => {
  const read = readTime(told)
  if (read !== null) return read
  context.addIssue('is no time with an offset')
  return z.NEVER
})

const ofClock = z.object({ deviceStatus: z.object({ currentDateTime: time }) })

/** @param told the result of `getDeviceStatus`. @returns null for an answer that does not fit */
export const clockIn = (told: unknown): RegisterTime | null =>
  ofClock.safeParse(told).data?.deviceStatus.currentDateTime ?? null

/** `isBlocked`: the queue stands still, because the register cannot go on. */
export const queueStatus = z.object({ isBlocked: z.boolean(), blockReason: z.string().nullish() })

const LARGEST_SIGN = 2 ** 32 - 1

/** The FN's signature. The driver pads it with zeros, and some versions tell it as a number. */
export const fiscalSign = z.union([z.string().regex(/^\d+$/), z.int()]).transform((told, context) => {
  const sign = Number(told)
  if (sign <= LARGEST_SIGN) return String(sign)
  context.addIssue('is no sign of 32 bits')
  return z.NEVER
})

export const ffdVersion: z.ZodType<FfdVersion> = z.enum(FFD_VERSIONS)

/** A mark of a registration; null where this version does not tell it. */
export const mark = z
  .boolean()
  .nullish()
  .transform((told) => told ?? null)
