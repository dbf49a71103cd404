import { TAXATION_SYSTEMS } from '@kkt/adapter/src/domain/taxation.ts'
import { httpUrl, oneOf, seconds } from '@kkt/platform/settings.ts'
import { isTimeZone } from '@kkt/platform/time_zone.ts'
import { z } from 'zod'

/** The real service takes no simpler password. */
const LONG_ENOUGH = /^(?=.*\d)(?=.*\p{Lu})(?=.*\p{Ll}).{12,}$/u
const TAKES_PASSWORD = 'takes at least 12 characters, with a digit, a capital and a small letter among them'

const password = z.string().superRefine((value, context) => {
  if (!LONG_ENOUGH.test(value))
    context.addIssue({ code: 'custom', message: TAKES_PASSWORD, params: { isSecret: true } })
})

const taxationSystem = z.enum(TAXATION_SYSTEMS)
const taxationSystems = z.string().transform((list, context) => {
  const read = z.array(taxationSystem).safeParse(list.split(',').map((name) => name.trim()))
  const [first, ...others] = read.data ?? []
  if (first !== undefined) return [first, ...others] as const
  const message = `takes taxation systems with commas between them: ${TAXATION_SYSTEMS.join(', ')}`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** The settings that are this mock's own. */
export const ownSettings = z
  .object({
    KKT_LOGIN: z
      .string()
      .regex(/^[^:]+$/, 'takes a name without a colon')
      .default('kkt'),
    KKT_PASSWORD: password.default('Mock-register-1'),
    DEVICE: oneOf(['active', 'none']).default('active'),
    STATE_PATH: z.string().optional(),
    TAXATION_SYSTEMS: taxationSystems.optional(),
    KKT_TIMEZONE: z
      .string()
      .refine(isTimeZone, 'takes a time zone of the IANA database, such as Europe/Moscow or Asia/Yekaterinburg')
      .default('Europe/Moscow'),
    KKT_PRINT_DELAY_MIN: seconds({ min: 0, max: 600 }).prefault('0.2'),
    KKT_PRINT_DELAY_MAX: seconds({ min: 0, max: 600 }).prefault('0.5'),
    OFD_API_URL: httpUrl().optional(),
  })
  .superRefine(({ KKT_PRINT_DELAY_MIN: min, KKT_PRINT_DELAY_MAX: max }, context) => {
    const message = `takes at most KKT_PRINT_DELAY_MAX, which is ${max / 1000}`
    if (min > max) context.addIssue({ code: 'custom', path: ['KKT_PRINT_DELAY_MIN'], message })
  })

/** `NAME_FILE` gives these by file. */
export const SECRETS = ['KKT_PASSWORD'] as const

/** Beside the register's memory: another machine's, on a real register. */
const requestsBeside = (path: string) => path.replace(/(\.[^./]*)?$/, '_requests$1')

const IN_MEMORY = ':memory:'

/** Opens the files in which the state is kept, or exits with a line that says which setting to mend. */
export function readState<State>(
  path: string | undefined,
  open: (paths: { registerPath: string; requestsPath: string }) => State,
): State {
  try {
    if (path === undefined) return open({ registerPath: IN_MEMORY, requestsPath: IN_MEMORY })
    return open({ registerPath: path, requestsPath: requestsBeside(path) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(
      `STATE_PATH is "${path ?? ''}": ${error.message}. Set it to another file, or move this one away.\n`,
    )
    process.exit(1)
  }
}
