import { z } from 'zod'
import type { AgentType } from '../../domain/agent.ts'
import { type FfdVersion, isFfdFrom } from '../../domain/ffd.ts'
import type { TaxationSystem } from '../../domain/taxation.ts'
import { ffdVersion, mark, trimmed } from './answer_forms.ts'
import { AGENT_NAMES, TAXATION_NAMES, wordsByName } from './task_names.ts'

const device = z.object({
  deviceInfo: z.object({
    modelName: trimmed,
    serial: trimmed,
    firmwareVersion: z.string(),
    ffdVersion,
  }),
})

const names = z.array(z.string())

const registration = z.object({
  organization: z.object({
    name: trimmed,
    vatin: trimmed,
    address: trimmed.nullish(),
    taxationTypes: names,
    agents: names.nullish(),
  }),
  device: z.object({
    registrationNumber: trimmed,
    fnsUrl: trimmed,
    paymentsAddress: trimmed.nullish(),
    defaultTaxationType: z.string().nullish(),
    offlineMode: mark,
    internet: mark,
    excise: mark,
    gambling: mark,
    lottery: mark,
    marking: mark,
    autoMode: mark,
  }),
})

/** A mark of the registration: whether the KKT is registered for it. Null where its driver does not tell. */
type Mark = boolean | null

/** A KKT by its registration report. `agents`: null where it does not tell them. */
export type Registered = {
  kktNumber: string
  modelName: string
  serialNumber: string
  firmwareVersion: string
  ffdVersion: FfdVersion
  registrationNumber: string
  fnsUrl: string
  seller: { name: string; inn: string }
  address: string | null
  place: string | null
  taxationSystems: readonly TaxationSystem[]
  /** The system of a receipt that names none. Null: the till has to name one. */
  defaultTaxationSystem: TaxationSystem | null
  agents: readonly AgentType[] | null
  isFor: Readonly<Record<'internet' | 'excise' | 'gambling' | 'lottery' | 'marking', Mark>>
  /** Nothing is sent to an OFD. */
  isOffline: Mark
  /** A device without a cashier. */
  isAutomatic: Mark
}

const TAXATIONS = wordsByName(TAXATION_NAMES)
const AGENTS = wordsByName(AGENT_NAMES)

/** The words for the names that are known. A registration of earlier years may still name `envd`. */
const known = <Word>(told: readonly string[], words: ReadonlyMap<string, Word>): Word[] =>
  told.flatMap((name) => words.get(name) ?? [])

/**
 * @param told the results of `getDeviceInfo` and `getRegistrationInfo`
 * @param kktNumber the shop's own number for the KKT
 * @returns null for answers that do not fit
 */
export function readRegistered(
  told: { deviceInfo: unknown; registrationInfo: unknown },
  kktNumber: string,
): Registered | null {
  const [ofDevice, registered] = [device.safeParse(told.deviceInfo), registration.safeParse(told.registrationInfo)]
  if (!ofDevice.success || !registered.success) return null
  const { modelName, serial, firmwareVersion, ffdVersion } = ofDevice.data.deviceInfo
  const { organization, device: marks } = registered.data
  const taxationSystems = known(organization.taxationTypes, TAXATIONS)
  return {
    kktNumber,
    modelName,
    serialNumber: serial,
    firmwareVersion,
    ffdVersion,
    registrationNumber: marks.registrationNumber,
    fnsUrl: marks.fnsUrl,
    seller: { name: organization.name, inn: organization.vatin },
    address: organization.address || null,
    place: marks.paymentsAddress || null,
    taxationSystems,
    defaultTaxationSystem: defaultOf(marks.defaultTaxationType, taxationSystems),
    agents: agentsOf(organization.agents ?? [], ffdVersion),
    isFor: {
      internet: marks.internet,
      excise: marks.excise,
      gambling: marks.gambling,
      lottery: marks.lottery,
      marking: marks.marking,
    },
    isOffline: marks.offlineMode,
    isAutomatic: marks.autoMode,
  }
}

/** Before FFD 1.2 a report always says for which agents the KKT is registered (1057). Later ones may leave it to the items. */
function agentsOf(told: readonly string[], ffd: FfdVersion): AgentType[] | null {
  const agents = known(told, AGENTS)
  return agents.length === 0 && isFfdFrom(ffd, '1.2') ? null : agents
}

/** The default where there is one, or the only system. */
function defaultOf(name: string | null | undefined, systems: readonly TaxationSystem[]): TaxationSystem | null {
  const told = TAXATIONS.get(name ?? '')
  if (told !== undefined) return told
  const [only, ...others] = systems
  return others.length === 0 ? (only ?? null) : null
}
