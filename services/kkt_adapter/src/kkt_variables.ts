import { dirname, join } from 'node:path'
import { authoritiesFile, connectableUrl, oneOf, type ParsedUrl, seconds } from '@kkt/platform/settings.ts'
import { isTimeZone } from '@kkt/platform/time_zone.ts'
import { z } from 'zod'

/** The mock KKT's fiscal memory, in the folder of the buffer. */
export const MOCK_KKT_FILE = 'kkt.db'

/** The settings of the cash register, and of the way from it to the OFD. */
export const kktVariables = {
  KKT_MODE: oneOf(['mock', 'atol']).default('mock'),
  KKT_URL: connectableUrl({ schemes: ['http', 'https'], refuse: registerFault }).optional(),
  KKT_CA_FILE: authoritiesFile().optional(),
  KKT_LOGIN: z.string().superRefine(checkLogin).optional(),
  KKT_PASSWORD: z.string().optional(),
  KKT_DEVICE: z
    .string()
    .regex(
      /^[A-Za-z0-9_-]{1,16}$/,
      'takes the id of a device in the service at KKT_URL: 1 to 16 letters, digits, dashes or underscores',
    )
    .optional(),
  DELIVERY: oneOf(['http', 'kkt']).optional(),
  KKT_TIMEZONE: z
    .string()
    .refine(isTimeZone, 'takes a time zone of the IANA database, such as Europe/Moscow or Asia/Yekaterinburg')
    .default('Europe/Moscow'),
  KKT_PRINT_DELAY_MIN: seconds({ min: 0, max: 600 }).prefault('0.2'),
  KKT_PRINT_DELAY_MAX: seconds({ min: 0, max: 600 }).prefault('0.5'),
  KKT_PRINT_TIMEOUT: seconds({ min: 0.01, max: 600 }).prefault('10'),
}

type Variables = z.output<z.ZodObject<typeof kktVariables>>

/** The account would be shown with the URL in the logs of whatever is between, and `fetch` refuses such a URL. */
function registerFault({ username, password, pathname, search, hash }: ParsedUrl) {
  if (username + password !== '') return 'takes a URL without an account, which KKT_LOGIN and KKT_PASSWORD name'
  return pathname + search + hash === '/' ? null : 'takes a URL with nothing after the port'
}

/** In HTTP's Basic scheme a colon ends the login. A password may have been put behind it, so it is not shown. */
function checkLogin(login: string, context: z.RefinementCtx): void {
  if (/^[^:\p{Cc}]{1,64}$/u.test(login)) return
  const message = 'takes 1 to 64 characters without a colon: the login of the account in the service at KKT_URL'
  context.addIssue({ code: 'custom', message, params: { isSecret: true } })
}

/** `account`: of the service at `url`. `device`: null for the one that the service has by default. */
export type AtolSettings = {
  kind: 'atol'
  url: string
  /** Certificates of authorities in PEM form, trusted beside the system's; null without any. */
  ca: string | null
  account: { login: string; password: string }
  device: string | null
}
export type RegisterSettings = { kind: 'mock'; path: string } | AtolSettings

/** The cash register. The text that a contradiction would have refused is empty. */
export function registerOf(v: Variables & { BUFFER_DB_PATH: string }): RegisterSettings {
  if (v.KKT_MODE === 'mock') return { kind: 'mock', path: join(dirname(v.BUFFER_DB_PATH), MOCK_KKT_FILE) }
  const account = { login: v.KKT_LOGIN ?? '', password: v.KKT_PASSWORD ?? '' }
  return { kind: 'atol', url: v.KKT_URL ?? '', ca: v.KKT_CA_FILE ?? null, account, device: v.KKT_DEVICE ?? null }
}

/** `kkt`: the register hands its documents to the OFD by itself. */
export const deliveryOf = ({ DELIVERY, KKT_MODE }: Pick<Variables, 'DELIVERY' | 'KKT_MODE'>): 'http' | 'kkt' =>
  DELIVERY ?? (KKT_MODE === 'mock' ? 'http' : 'kkt')

/** Contradictions as config.ts tells them. */
export function* kktContradictions(v: Variables): Generator<[keyof typeof kktVariables, string]> {
  if (v.KKT_MODE === 'atol') yield* missingOf(v)
  // With the mock, the buyers of a shop that forgot KKT_MODE would get test documents.
  else if (v.KKT_URL !== undefined) {
    yield ['KKT_MODE', 'takes atol where KKT_URL is set (leave KKT_URL out to sell on the mock cash register)']
  }
  if (v.KKT_CA_FILE !== undefined && !/^https:/i.test(v.KKT_URL ?? '')) {
    yield ['KKT_CA_FILE', 'takes a file only beside a KKT_URL that starts with https://']
  }
  if (v.KKT_MODE === 'mock' && v.DELIVERY === 'kkt') {
    yield ['DELIVERY', 'takes http where KKT_MODE is mock: the mock cash register hands nothing to an OFD by itself']
  }
  if (v.KKT_PRINT_DELAY_MIN > v.KKT_PRINT_DELAY_MAX) {
    yield ['KKT_PRINT_DELAY_MIN', `takes at most KKT_PRINT_DELAY_MAX, which is ${v.KKT_PRINT_DELAY_MAX / 1000}`]
  }
}

/** KKT_MODE=atol takes these. */
function* missingOf({ KKT_URL, KKT_LOGIN, KKT_PASSWORD }: Variables): Generator<[keyof typeof kktVariables, string]> {
  if (KKT_URL === undefined) {
    yield ['KKT_URL', "takes the address of the register's service, such as http://192.168.0.20:16732"]
  }
  if (KKT_LOGIN === undefined) yield ['KKT_LOGIN', 'takes the login of the account in the service at KKT_URL']
  if (KKT_PASSWORD === undefined) {
    yield ['KKT_PASSWORD', "takes that account's password (KKT_PASSWORD_FILE names a file with it)"]
  }
}
