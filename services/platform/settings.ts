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

/** Marks an issue whose line does not show the value. */
const SECRET = { isSecret: true }

/** For Deno's compiler `URL` names no type. */
export type ParsedUrl = InstanceType<typeof URL>

type UrlRules = {
  schemes: readonly [string, string]
  /** A reason more to refuse it, as what the variable takes instead. */
  refuse?: (url: ParsedUrl) => string | null
}

const takesScheme = ({ schemes }: UrlRules) =>
  `takes a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`

/** A URL that a connection can be made to. Its value is never shown, because it may hold a password. */
export const connectableUrl = (rules: UrlRules) =>
  z.string(takesScheme(rules)).superRefine((value, context) => {
    const message = urlFault(value, rules)
    if (message !== null) context.addIssue({ code: 'custom', message, params: SECRET })
  })

/** Requests go to paths below it. */
export const httpUrl = () =>
  connectableUrl({
    schemes: ['http', 'https'],
    refuse: ({ href }) => (/[?#]/.test(href) ? 'takes a URL without a query (?) and without a fragment (#)' : null),
  })

/** What the variable takes instead, or null where the URL is one that it takes. */
function urlFault(value: string, { schemes, refuse }: UrlRules): string | null {
  if (!schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`))) return takesScheme({ schemes })
  const [, host = '', rest = ''] = /\/\/([^/?#]*)(.*)$/s.exec(value) ?? []
  const fault = hostFault(value, host) ?? refuse?.(new URL(value)) ?? null
  // A slash in a password ends the host's part, and what is before it passes for a host and a port.
  const isCutPassword = fault !== null && rest.includes('@') && !host.includes('@')
  return isCutPassword ? 'takes a URL whose password has %2F for /, %3F for ? and %23 for #' : fault
}

/** @param host with the user, the password and the port, as the URL has it */
function hostFault(value: string, host: string): string | null {
  const port = /:([^:\]]*)$/.exec(host.slice(host.lastIndexOf('@') + 1))?.[1]
  if (port !== undefined && !isPort(port)) return 'takes a URL with a port from 1 to 65535'
  const hasHost = host !== '' && URL.canParse(value) && new URL(value).hostname !== ''
  return hasHost ? null : 'takes a URL with the name or address of a host'
}

const isPort = (text: string) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

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
 * @throws BadSettings naming each wrong variable, what it got where that holds no secret, and what it takes.
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
      const isSecret = issue.code === 'custom' && issue.params?.['isSecret'] === true
      return `${name} ${whatItGot(given[name], isSecret)}: it ${issue.message}`
    }),
  )
}

/** The line goes to a log, and a URL may carry a password, in whichever variable it was put. */
function whatItGot(value: string | undefined, isSecret: boolean): string {
  if (value === undefined) return 'is not set'
  if (isSecret || /:\/\/|@/.test(value)) return 'is wrong (not shown, it may hold a password)'
  return `is ${JSON.stringify(value)}`
}

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
