import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LOG_LEVELS } from './logger.ts'
import { type Environment, withSecretFiles } from './secret_files.ts'

/** A duration setting: seconds outside, decimals allowed, integer milliseconds inside. */
export const seconds = (limits: { min: number; max: number }) =>
  decimal(limits).transform((value) => Math.round(value * 1000))

/** A decimal number in plain notation: `0.8`, `30`. */
export const decimal = ({ min, max }: { min: number; max: number }) => {
  const takes = `takes a number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, takes)
    .transform(Number)
    .pipe(z.number(takes).min(min, takes).max(max, takes))
    .meta({ type: 'number', pattern: undefined, minimum: min, maximum: max })
}

export const integer = ({ min, max }: { min: number; max: number }) => {
  const takes = `takes a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d+$/, takes)
    .transform(Number)
    .pipe(z.number(takes).min(min, takes).max(max, takes))
    .meta({ type: 'integer', pattern: undefined, minimum: min, maximum: max })
}

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `takes one of: ${values.join(', ')}`)

/** Marks an issue whose line does not show the value. */
const SECRET = { isSecret: true }

/** Deno's compiler knows no type named `URL`. */
export type ParsedUrl = InstanceType<typeof URL>

type UrlRules = {
  schemes: readonly [string, string]
  /** A further check. It returns the words for the values that the variable takes instead. */
  refuse?: (url: ParsedUrl) => string | null
}

const takesScheme = ({ schemes }: UrlRules) =>
  `takes a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`

/** A URL to connect to. Its value is never shown, because it may hold a password. */
export const connectableUrl = (rules: UrlRules) =>
  z.string(takesScheme(rules)).superRefine((value, context) => {
    const message = urlFault(value, rules)
    if (message !== null) context.addIssue({ code: 'custom', message, params: SECRET })
  })

/** Requests go to paths below this URL. */
export const httpUrl = () =>
  connectableUrl({
    schemes: ['http', 'https'],
    refuse: ({ href }) => (/[?#]/.test(href) ? 'takes a URL without a query (?) and without a fragment (#)' : null),
  })

/** The words for the values that the variable takes; null when the URL is valid. */
function urlFault(value: string, { schemes, refuse }: UrlRules): string | null {
  if (!schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`))) return takesScheme({ schemes })
  const [, host = '', rest = ''] = /\/\/([^/?#]*)(.*)$/s.exec(value) ?? []
  const fault = hostFault(value, host) ?? refuse?.(new URL(value)) ?? null
  // A slash in a password ends the host part, so that the text before it looks like a host and a port.
  const isCutPassword = fault !== null && rest.includes('@') && !host.includes('@')
  return isCutPassword ? 'takes a URL whose password has %2F for /, %3F for ? and %23 for #' : fault
}

/** @param host with the user, the password and the port, as written in the URL */
function hostFault(value: string, host: string): string | null {
  const port = /:([^:\]]*)$/.exec(host.slice(host.lastIndexOf('@') + 1))?.[1]
  if (port !== undefined && !isPort(port)) return 'takes a URL with a port from 1 to 65535'
  const hasHost = host !== '' && URL.canParse(value) && new URL(value).hostname !== ''
  return hasHost ? null : 'takes a URL with the name or address of a host'
}

const isPort = (text: string) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

const HOST_NAME = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

/** Names of hosts with commas between them. They come out in lower case, as a Host is compared. */
const hostNames = () =>
  z.string().transform((list, context) => {
    const names = list.split(',').map((name) => name.trim().toLowerCase())
    if (!names.every((name) => HOST_NAME.test(name))) {
      const message =
        'takes host names with commas between them, without a scheme and without a port, such as till-server,kkt.shop.example'
      context.addIssue({ code: 'custom', message })
    }
    return names
  })

/** A file with the certificates of authorities. The setting's value is their text. */
export const authoritiesFile = () =>
  z.string().transform((path, context) => {
    const takes = (what: string) => {
      context.addIssue({ code: 'custom', message: `takes a file with certificates in PEM form, ${what}` })
      return z.NEVER
    }
    try {
      const text = readFileSync(path, 'utf8')
      const certificates = text.match(PEM_CERTIFICATE) ?? []
      for (const certificate of certificates) new X509Certificate(certificate)
      return certificates.length > 0 ? text : takes('and there is none in it')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      return takes(typeof code === 'string' && /^E[A-Z]+$/.test(code) ? `and it cannot be read (${code})` : UNREADABLE)
    }
  })

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs
const UNREADABLE = 'and one in it is damaged'

/** The settings that every service takes. */
export const listenSettings = (defaultPort: number) => ({
  HOST: z.string().min(1, 'takes a host name or address').default('127.0.0.1'),
  PORT: integer({ min: 0, max: 65_535 }).prefault(String(defaultPort)),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  ALLOWED_HOSTS: hostNames().optional(),
})

/** The wrong settings, one line a variable. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings'
  constructor(readonly lines: string[]) {
    super(lines.join('\n'))
  }
}

/**
 * Parses the environment once and freezes the outcome. An empty variable counts as unset.
 * @param secrets the variables that may hold a secret, each of which `NAME_FILE` may give by file
 * @throws BadSettings naming each wrong variable, its value when that is no secret, and the values it takes.
 */
export function readSettings<T extends object>(
  schema: z.ZodType<T>,
  environment: Environment,
  secrets: readonly string[] = [],
): Readonly<T> {
  const { env, wrong } = withSecretFiles(environment, secrets)
  if (wrong.length > 0) throw new BadSettings([...wrong])
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
  throw new BadSettings(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'settings')
      const isSecret = issue.code === 'custom' && issue.params?.['isSecret'] === true
      return `${name} ${received(given[name], isSecret)}: it ${issue.message}`
    }),
  )
}

/** The line goes to a log, and any variable may hold a URL with a password by mistake. */
function received(value: string | undefined, isSecret: boolean): string {
  if (value === undefined) return 'is not set'
  if (isSecret || /:\/\/|@/.test(value)) return 'is wrong (not shown, it may hold a password)'
  return `is ${JSON.stringify(value)}`
}

/** Reads the settings, or exits with the lines that say which ones to mend. */
export function settingsOrExit<T extends object>(schema: z.ZodType<T>, secrets: readonly string[] = []): Readonly<T> {
  try {
    return readSettings(schema, process.env, secrets)
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
