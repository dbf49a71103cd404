import { basename, dirname, join } from 'node:path'
import type { CertificateFiles } from '@kkt/platform/certificate.ts'
import { isLoopback, isOfThisMachine } from '@kkt/platform/hosts.ts'
import {
  authoritiesFile,
  connectableUrl,
  decimal,
  httpUrl,
  integer,
  listenSettings,
  oneOf,
  type ParsedUrl,
  readSettings,
  seconds,
  settingsOrExit,
} from '@kkt/platform/settings.ts'
import { isTimeZone } from '@kkt/platform/time_zone.ts'
import { z } from 'zod'
import type { Pace } from './http/pace.ts'
import { tillContradictions, tillVariables, usualDefaults } from './till_variables.ts'

/** The mock KKT's fiscal memory, in the folder of the buffer. */
const KKT_FILE = 'kkt.db'

const variables = z.object({
  ...listenSettings(8000),
  OPEN_ACCESS: oneOf(['true', 'false']).default('false'),
  API_TOKENS: z.string().optional(),
  API_TOKENS_FILE: z.string().optional(),
  // The runtimes differ in the values by which certificates are no longer checked.
  NODE_TLS_REJECT_UNAUTHORIZED: z
    .literal('1', 'takes 1, or is left out: otherwise any server that pretends to be the OFD gets the receipts')
    .optional(),
  TEST_CONTROL: oneOf(['true', 'false']).default('false'),
  CORS_ORIGINS: z.string().transform(originsIn).optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  MAX_CONNECTIONS: integer({ min: 1, max: 100_000 }).optional(),
  BUFFER_DB_PATH: z
    .string()
    .refine((path) => path !== ':memory:', 'takes a file: a database in memory is lost with the process')
    .refine(
      (path) => basename(path) !== KKT_FILE,
      `takes another name than ${KKT_FILE}, which the mock cash register uses`,
    )
    .default('./data/buffer.db'),
  BUFFER_MAX_SIZE: integer({ min: 1, max: 1_000_000 }).prefault('1000'),
  BUFFER_ALERT_THRESHOLD: decimal({ min: 0, max: 1 }).prefault('0.8'),
  OFD_MODE: oneOf(['http', 'mock']).default('http'),
  OFD_API_URL: httpUrl().optional(),
  OFD_PROXY: connectableUrl({ schemes: ['http', 'https'], refuse: proxyFault }).optional(),
  OFD_CA_FILE: authoritiesFile().optional(),
  OFD_TIMEOUT: seconds({ min: 0.05, max: 300 }).prefault('10'),
  CIRCUIT_BREAKER_THRESHOLD: integer({ min: 1, max: 1000 }).prefault('5'),
  CIRCUIT_BREAKER_TIMEOUT: seconds({ min: 0.05, max: 3600 }).prefault('60'),
  SYNC_INTERVAL: seconds({ min: 0.05, max: 3600 }).prefault('30'),
  SYNC_BATCH_SIZE: integer({ min: 1, max: 1000 }).prefault('100'),
  // At least 2: with 1, the first failure of an outage would dead-letter a receipt.
  MAX_RETRY_ATTEMPTS: integer({ min: 2, max: 10_000 }).prefault('20'),
  ODOO_API_URL: httpUrl().optional(),
  ODOO_HEARTBEAT_INTERVAL: seconds({ min: 0.05, max: 3600 }).prefault('30'),
  KKT_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'takes 1 to 64 letters, digits, dots, dashes or underscores')
    .default('KKT-001'),
  REDIS_URL: connectableUrl({ schemes: ['redis', 'rediss'], refuse: redisFault }).optional(),
  REDIS_CA_FILE: authoritiesFile().optional(),
  KKT_MODE: oneOf(['mock']).default('mock'),
  KKT_TIMEZONE: z
    .string()
    .refine(isTimeZone, 'takes a time zone of the IANA database, such as Europe/Moscow or Asia/Yekaterinburg')
    .default('Europe/Moscow'),
  VAT_RULES: oneOf(['refuse', 'warn']).default('refuse'),
  ...tillVariables,
  ACCEPT_LOSS: z
    .string()
    .regex(/^\d{16}:\d{1,10}$/, 'takes an FN number, a colon and an FD number, as the refused start prints them')
    .optional(),
  KKT_PRINT_DELAY_MIN: seconds({ min: 0, max: 600 }).prefault('0.2'),
  KKT_PRINT_DELAY_MAX: seconds({ min: 0, max: 600 }).prefault('0.5'),
  KKT_PRINT_TIMEOUT: seconds({ min: 0.01, max: 600 }).prefault('10'),
  RETENTION_DAYS: integer({ min: 1, max: 3650 }).prefault('7'),
})

/** The parsed settings: durations in milliseconds, and no two that contradict each other. */
const schema = variables.transform((v, context) => {
  for (const [name, message] of contradictions(v)) {
    // A path may be a token that was put there by mistake.
    const params = { isSecret: name === 'API_TOKENS_FILE' }
    context.addIssue({ code: 'custom', path: [name], message, params })
  }
  return {
    host: v.HOST,
    port: v.PORT,
    isOpen: !isLoopback(v.HOST),
    tokens: tokenSource(v),
    tls: certificateFiles(v.TLS_CERT_FILE, v.TLS_KEY_FILE),
    hasTestControl: v.TEST_CONTROL === 'true',
    allowedHosts: v.ALLOWED_HOSTS ?? [],
    corsOrigins: v.CORS_ORIGINS ?? [],
    maxConnections: v.MAX_CONNECTIONS ?? null,
    logLevel: v.LOG_LEVEL,
    kktId: v.KKT_ID,
    buffer: { dbPath: v.BUFFER_DB_PATH, maxSize: v.BUFFER_MAX_SIZE, alertThreshold: v.BUFFER_ALERT_THRESHOLD },
    kkt: {
      printDelayMinMs: v.KKT_PRINT_DELAY_MIN,
      printDelayMaxMs: v.KKT_PRINT_DELAY_MAX,
      printTimeoutMs: v.KKT_PRINT_TIMEOUT,
      path: join(dirname(v.BUFFER_DB_PATH), KKT_FILE),
      timeZone: v.KKT_TIMEZONE,
    },
    ofd: {
      url: v.OFD_MODE === 'mock' ? null : (v.OFD_API_URL ?? ''),
      way: { proxy: v.OFD_PROXY ?? null, ca: v.OFD_CA_FILE ?? null },
      timeoutMs: v.OFD_TIMEOUT,
    },
    breaker: { threshold: v.CIRCUIT_BREAKER_THRESHOLD, timeoutMs: v.CIRCUIT_BREAKER_TIMEOUT },
    sync: { intervalMs: v.SYNC_INTERVAL, maxInFlight: v.SYNC_BATCH_SIZE, maxRetryAttempts: v.MAX_RETRY_ATTEMPTS },
    odoo: { url: v.ODOO_API_URL ?? null, intervalMs: v.ODOO_HEARTBEAT_INTERVAL },
    acceptedLoss: acceptedLoss(v.ACCEPT_LOSS),
    redis: v.REDIS_URL === undefined ? null : { url: v.REDIS_URL, ca: v.REDIS_CA_FILE ?? null },
    retentionDays: v.RETENTION_DAYS,
    refundsKeptDays: v.RECEIPTS_KEPT_DAYS,
    twinWindowMs: v.TWIN_WINDOW,
    tills: { file: v.TILLS_FILE ?? null, usual: usualDefaults(v) },
    refusesBadVat: v.VAT_RULES === 'refuse',
    refundsNeedSynced: v.REFUND_REQUIRES_SYNCED === 'true',
    plainLinks: plainLinks({
      OFD_API_URL: v.OFD_MODE === 'mock' ? undefined : v.OFD_API_URL,
      ODOO_API_URL: v.ODOO_API_URL,
      REDIS_URL: v.REDIS_URL,
    }),
  }
})

/** The URLs through which others on the network can read and change what is sent. */
function plainLinks(urls: Readonly<Record<string, string | undefined>>) {
  return Object.entries(urls).flatMap(([variable, url]) => {
    if (url === undefined) return []
    const { protocol, hostname } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    return ['http:', 'redis:'].includes(protocol) && !isOfThisMachine(host) ? [{ variable, host }] : []
  })
}

type Variables = z.output<typeof variables>

/** Each with the name of the variable to change, and the words for the values that it takes. */
function* contradictions(v: Variables): Generator<[name: keyof Variables, takes: string]> {
  if (v.OFD_MODE === 'http' && v.OFD_API_URL === undefined) {
    yield [
      'OFD_API_URL',
      "takes the OFD's address, such as http://127.0.0.1:9000 (or set OFD_MODE=mock to run without an OFD)",
    ]
  }
  yield* accessContradictions(v)
  if (v.KKT_PRINT_DELAY_MIN > v.KKT_PRINT_DELAY_MAX) {
    yield ['KKT_PRINT_DELAY_MIN', `takes at most KKT_PRINT_DELAY_MAX, which is ${v.KKT_PRINT_DELAY_MAX / 1000}`]
  }
  if (v.OFD_CA_FILE !== undefined && !/^https:/i.test(v.OFD_API_URL ?? '')) {
    yield ['OFD_CA_FILE', 'takes a file only beside an OFD_API_URL that starts with https://']
  }
  yield* tillContradictions(v)
  if (v.REDIS_CA_FILE !== undefined && !/^rediss:/i.test(v.REDIS_URL ?? '')) {
    yield ['REDIS_CA_FILE', 'takes a file only beside a REDIS_URL that starts with rediss://']
  }
  if ((v.TLS_CERT_FILE === undefined) !== (v.TLS_KEY_FILE === undefined)) {
    const missing = v.TLS_CERT_FILE === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE'
    yield [missing, 'takes a file in PEM form (TLS needs TLS_CERT_FILE and TLS_KEY_FILE, or neither)']
  }
}

function* accessContradictions(v: Variables): Generator<[name: keyof Variables, takes: string]> {
  if (v.API_TOKENS !== undefined && v.API_TOKENS_FILE !== undefined) {
    yield ['API_TOKENS_FILE', 'takes a file only where API_TOKENS is not set']
  }
  if (!isLoopback(v.HOST) && v.OPEN_ACCESS === 'false' && tokenSource(v) === null) {
    yield [
      'HOST',
      'takes 127.0.0.1 or another loopback address: beyond it everyone who reaches the port may sell, refund, and read all receipts. API_TOKENS_FILE gives each client a token, and OPEN_ACCESS=true allows everyone',
    ]
  }
}

/** Browsers send an origin in exactly this form, so that any other would never be met. `*` is none. */
function originsIn(list: string, context: z.RefinementCtx): string[] {
  const origins = list.split(',').map((origin) => origin.trim())
  const isOrigin = (text: string) => /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
  if (!origins.every(isOrigin)) {
    const message =
      'takes origins with commas between them, each as a browser sends it: scheme, host, and the port unless it is the usual one, such as https://till.example,http://192.168.0.5:3000'
    context.addIssue({ code: 'custom', message })
  }
  return origins
}

/** A proxy has no path, and the runtimes drop one silently. */
function proxyFault({ pathname, search, hash }: ParsedUrl) {
  return pathname + search + hash === '/' ? null : "takes a proxy's URL with nothing after the port"
}

/** The Redis client decodes the password, and reads the path as a database number. */
function redisFault({ username, password, pathname }: ParsedUrl) {
  try {
    decodeURIComponent(username + password)
  } catch {
    return 'takes a URL whose password has %25 for %'
  }
  return /^\/?\d*$/.test(pathname) ? null : 'takes a URL with only a database number after the port'
}

function certificateFiles(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | null {
  return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile }
}

function tokenSource({ API_TOKENS: text, API_TOKENS_FILE: path }: Pick<Variables, 'API_TOKENS' | 'API_TOKENS_FILE'>) {
  if (path !== undefined) return { kind: 'file', path } as const
  return text === undefined ? null : ({ kind: 'text', text } as const)
}

function acceptedLoss(given: string | undefined) {
  const [fnNumber, lastFd] = given?.split(':') ?? []
  return fnNumber === undefined ? null : { fnNumber, lastFdNumber: Number(lastFd) }
}

export type Config = Readonly<z.output<typeof schema>>

/** URLs may hold a password. */
const SECRETS = ['OFD_API_URL', 'OFD_PROXY', 'ODOO_API_URL', 'REDIS_URL'] as const satisfies (keyof Variables)[]

/** @throws BadSettings */
export const parseConfig = (env: Record<string, string | undefined>): Config => readSettings(schema, env, SECRETS)

/** Reads the environment, or exits with one line per wrong variable. */
export const configOrExit = (): Config => settingsOrExit(schema, SECRETS)

/** The OFD's address; for the mock OFD in the process, a name that nobody resolves. */
export const ofdUrl = ({ ofd }: Config): string => ofd.url ?? 'http://mock-ofd.internal'

/** The durations among the settings that a test may change. */
export const paceOf = ({ sync, breaker, odoo, ofd, kkt }: Config): Pace => ({
  syncIntervalMs: sync.intervalMs,
  breakerTimeoutMs: breaker.timeoutMs,
  heartbeatIntervalMs: odoo.intervalMs,
  ofdTimeoutMs: ofd.timeoutMs,
  printDelayMinMs: kkt.printDelayMinMs,
  printDelayMaxMs: kkt.printDelayMaxMs,
  printTimeoutMs: kkt.printTimeoutMs,
})
