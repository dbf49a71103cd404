import { basename } from 'node:path'
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
import { z } from 'zod'
import { accessContradictions, accessVariables, certificateFiles, tokenSource } from './access_variables.ts'
import type { Pace } from './http/pace.ts'
import { deliveryOf, kktContradictions, kktVariables, MOCK_KKT_FILE, registerOf } from './kkt_variables.ts'
import { tillContradictions, tillVariables, usualDefaults } from './till_variables.ts'

const variables = z.object({
  ...listenSettings(8000),
  ...accessVariables,
  // The runtimes differ in the values by which certificates are no longer checked.
  NODE_TLS_REJECT_UNAUTHORIZED: z
    .literal('1', 'takes 1, or is left out: otherwise any server that pretends to be the OFD gets the receipts')
    .optional(),
  TEST_CONTROL: oneOf(['true', 'false']).default('false'),
  MAX_CONNECTIONS: integer({ min: 1, max: 100_000 }).optional(),
  BUFFER_DB_PATH: z
    .string()
    .refine((path) => path !== ':memory:', 'takes a file: a database in memory is lost with the process')
    .refine(
      (path) => basename(path) !== MOCK_KKT_FILE,
      `takes another name than ${MOCK_KKT_FILE}, which the mock cash register uses`,
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
  ...kktVariables,
  VAT_RULES: oneOf(['refuse', 'warn']).default('refuse'),
  ...tillVariables,
  ACCEPT_LOSS: z
    .string()
    .regex(/^\d{16}:\d{1,10}$/, 'takes an FN number, a colon and an FD number, as the refused start prints them')
    .optional(),
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
    tls: certificateFiles(v),
    hasTestControl: v.TEST_CONTROL === 'true',
    allowedHosts: v.ALLOWED_HOSTS ?? [],
    corsOrigins: v.CORS_ORIGINS ?? [],
    maxConnections: v.MAX_CONNECTIONS ?? null,
    logLevel: v.LOG_LEVEL,
    kktId: v.KKT_ID,
    buffer: { dbPath: v.BUFFER_DB_PATH, maxSize: v.BUFFER_MAX_SIZE, alertThreshold: v.BUFFER_ALERT_THRESHOLD },
    kkt: {
      register: registerOf(v),
      printDelayMinMs: v.KKT_PRINT_DELAY_MIN,
      printDelayMaxMs: v.KKT_PRINT_DELAY_MAX,
      printTimeoutMs: v.KKT_PRINT_TIMEOUT,
      timeZone: v.KKT_TIMEZONE,
      closeAt: v.SHIFT_CLOSE_AT ?? null,
    },
    delivery: deliveryOf(v),
    ofd: {
      url: ofdUrlOf(v) ?? null,
      controlUrl: controlUrlOf(v),
      way: { proxy: v.OFD_PROXY ?? null, ca: v.OFD_CA_FILE ?? null },
      timeoutMs: v.OFD_TIMEOUT,
    },
    breaker: { threshold: v.CIRCUIT_BREAKER_THRESHOLD, timeoutMs: v.CIRCUIT_BREAKER_TIMEOUT },
    sync: { intervalMs: v.SYNC_INTERVAL, maxInFlight: v.SYNC_BATCH_SIZE, maxRetryAttempts: v.MAX_RETRY_ATTEMPTS },
    odoo: { url: v.ODOO_API_URL ?? null, intervalMs: v.ODOO_HEARTBEAT_INTERVAL },
    acceptedLoss: acceptedLoss(v.ACCEPT_LOSS),
    redis:
      v.REDIS_URL === undefined || deliveryOf(v) === 'kkt' ? null : { url: v.REDIS_URL, ca: v.REDIS_CA_FILE ?? null },
    retentionDays: v.RETENTION_DAYS,
    refundsKeptDays: v.RECEIPTS_KEPT_DAYS,
    twinWindowMs: v.TWIN_WINDOW,
    tills: { file: v.TILLS_FILE ?? null, usual: usualDefaults(v) },
    refusesBadVat: v.VAT_RULES === 'refuse',
    refundsNeedSynced: v.REFUND_REQUIRES_SYNCED === 'true',
    ignored: ignoredIn(v),
    plainLinks: plainLinks({
      OFD_API_URL: ofdUrlOf(v),
      KKT_URL: v.KKT_URL,
      ODOO_API_URL: v.ODOO_API_URL,
      REDIS_URL: deliveryOf(v) === 'kkt' ? undefined : v.REDIS_URL,
    }),
  }
})

/** Settings of the adapter's own sending. Redis settles which host sends. */
const FOR_SENDING = ['OFD_API_URL', 'REDIS_URL'] as const

/** Of the mock OFD that the test side switches off and on, whoever hands it the receipts. */
const controlUrlOf = (v: Variables) => (v.OFD_MODE === 'mock' ? null : (v.OFD_API_URL ?? null))

const ignoredIn = (v: Variables) => (deliveryOf(v) === 'kkt' ? FOR_SENDING.filter((name) => isIgnored(v, name)) : [])
const isIgnored = (v: Variables, name: (typeof FOR_SENDING)[number]) =>
  v[name] !== undefined && !(name === 'OFD_API_URL' && v.TEST_CONTROL === 'true')

/** Undefined where no OFD gets receipts over HTTP. */
const ofdUrlOf = (v: Variables) => (v.OFD_MODE === 'mock' || deliveryOf(v) === 'kkt' ? undefined : v.OFD_API_URL)

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
  if (deliveryOf(v) === 'http' && v.OFD_MODE === 'http' && v.OFD_API_URL === undefined) {
    yield [
      'OFD_API_URL',
      "takes the OFD's address, such as http://127.0.0.1:9000 (or set OFD_MODE=mock to run without an OFD)",
    ]
  }
  yield* accessContradictions(v)
  if (v.OFD_CA_FILE !== undefined && !/^https:/i.test(v.OFD_API_URL ?? '')) {
    yield ['OFD_CA_FILE', 'takes a file only beside an OFD_API_URL that starts with https://']
  }
  yield* kktContradictions(v)
  yield* tillContradictions(v)
  if (v.REDIS_CA_FILE !== undefined && !/^rediss:/i.test(v.REDIS_URL ?? '')) {
    yield ['REDIS_CA_FILE', 'takes a file only beside a REDIS_URL that starts with rediss://']
  }
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

function acceptedLoss(given: string | undefined) {
  const [fnNumber, lastFd] = given?.split(':') ?? []
  return fnNumber === undefined ? null : { fnNumber, lastFdNumber: Number(lastFd) }
}

export type Config = Readonly<z.output<typeof schema>>

/** URLs may hold a password, too. */
const SECRETS = [
  'OFD_API_URL',
  'OFD_PROXY',
  'ODOO_API_URL',
  'REDIS_URL',
  'KKT_URL',
  'KKT_PASSWORD',
] as const satisfies (keyof Variables)[]

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
