import { z } from 'zod'
import { LOG_LEVELS } from './logger.ts'

/** A duration setting: seconds on the outside, decimals allowed, integer milliseconds inside. */
export const seconds = (limits: { min: number; max: number }) =>
  decimal(limits).transform((value) => Math.round(value * 1000))

/** A decimal number written plainly: `0.8`, `30`. */
export const decimal = ({ min, max }: { min: number; max: number }) => {
  const takes = `takes a number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, takes)
    .transform(Number)
    .pipe(z.number(takes).min(min, takes).max(max, takes))
}

export const integer = ({ min, max }: { min: number; max: number }) => {
  const takes = `takes a whole number from ${min} to ${max}`
  return z.string().regex(/^\d+$/, takes).transform(Number).pipe(z.number(takes).min(min, takes).max(max, takes))
}

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `takes one of: ${values.join(', ')}`)

export const httpUrl = () => z.url({ protocol: /^https?$/, error: 'takes a URL that starts with http:// or https://' })

/** The settings that every service takes. */
export const listenSettings = (defaultPort: number) => ({
  HOST: z.string().min(1, 'takes a host name or address').default('0.0.0.0'),
  PORT: integer({ min: 0, max: 65_535 }).prefault(String(defaultPort)),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
})

/** What the settings say wrong, one line a variable. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings'
  constructor(readonly lines: string[]) {
    super(lines.join('\n'))
  }
}

/**
 * Parses the environment once, and freezes the outcome. A variable set to nothing counts as not set.
 * @throws BadSettings naming each wrong variable, what it got and what it takes.
 */
export function readSettings<T extends object>(
  schema: z.ZodType<T>,
  env: Record<string, string | undefined>,
): Readonly<T> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
  throw new BadSettings(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'settings')
      const got = given[name] === undefined ? 'is not set' : `is ${JSON.stringify(withoutPassword(given[name]))}`
      return `${name} ${got}: it ${issue.message}`
    }),
  )
}

/** A URL may carry a user and a password, and the line goes to a log. */
const withoutPassword = (value: string | undefined) => value?.replace(/\/\/[^/@]*@/, '//***@')

/** Reads the settings, or ends the process with the lines that say what to mend. */
export function settingsOrExit<T extends object>(schema: z.ZodType<T>): Readonly<T> {
  try {
    return readSettings(schema, process.env)
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
