import type { StackRequest } from './args.ts'
import type { Mode } from './mode.ts'
import { MOCK_KKT, registerAddress } from './services.ts'
import type { Settings } from './settings.ts'
import type { Found } from './stack.ts'
import { Stop } from './stop.ts'

/** Where the containers of a stack reach its cash register. */
export const REGISTER_IN_COMPOSE = 'http://mock_kkt:16732'

type Variables = Readonly<Record<string, string | undefined>>

/** The stack's cash register, as its adapter reaches it. */
const addressIn = (mode: Mode, settings: Settings) =>
  mode === 'compose' ? REGISTER_IN_COMPOSE : registerAddress(settings, '127.0.0.1')

/** Whether the adapter of these settings drives the cash register of its own stack. */
export const drivesOwnRegister = (settings: Settings): boolean =>
  settings['KKT_MODE'] === 'atol' &&
  (settings['KKT_URL'] === REGISTER_IN_COMPOSE || settings['KKT_URL'] === addressIn('local', settings))

/** A stack that has a cash register keeps it until it is down. */
export const withItsRegister = (request: StackRequest, found: Found | undefined): StackRequest => ({
  ...request,
  hasRegister: request.hasRegister || (found !== undefined && hasRegister(found)),
})

/** One whose adapter drives a register has it, even if that ended. */
const hasRegister = ({ running, settings }: Found) => running.includes(MOCK_KKT.name) || drivesOwnRegister(settings)

/**
 * The settings of a stack that has a cash register: its adapter drives it, unless the user has said KKT_MODE=mock.
 * @param given the user's own layers, of which the last wins
 * @throws Stop where the user's settings contradict it, or where the stack that is up has receipts of another register
 */
export function registerSettings(
  settings: Settings,
  { mode, given, found }: { mode: Mode; given: readonly Variables[]; found: Found | undefined },
): Settings {
  const said = (name: string) => given.findLast((layer) => layer[name])?.[name]
  const url = addressIn(mode, settings)
  const other = said('KKT_URL')
  if (other !== undefined && other !== url) {
    throw new Stop(
      `KKT_URL is ${JSON.stringify(other)}, and the stack has a cash register of its own (KKT=atol): leave one of the two out.`,
    )
  }
  const before = found && modeOf(found)
  const wanted = said('KKT_MODE') ?? (found && hasRegister(found) ? before : 'atol') ?? 'atol'
  if (before !== undefined && before !== wanted) throw otherRegister(before, wanted)
  return { ...settings, KKT_MODE: wanted, KKT_URL: wanted === 'atol' ? url : '' }
}

/** Without a register, a stack that is up has the mock inside its adapter. */
const modeOf = ({ settings }: Found) => settings['KKT_MODE'] || 'mock'

/** @throws Stop when the stack that is up cannot be given the register that is asked for */
export function requireItsRegister({ hasRegister: isAsked }: StackRequest, found: Found | undefined): void {
  if (isAsked && found && !hasRegister(found)) throw otherRegister(modeOf(found), 'atol')
}

const otherRegister = (before: string, wanted: string) =>
  new Stop(
    `The stack is up with KKT_MODE=${before}, and its journal has receipts of that register: make down, then start it with KKT_MODE=${wanted}${wanted === 'atol' ? ' (KKT=atol)' : ''}.`,
  )
