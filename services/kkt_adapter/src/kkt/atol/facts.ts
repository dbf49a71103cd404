import { z } from 'zod'
import type { KktState } from '../../domain/kkt.ts'
import { NO_SECRETS } from '../../domain/secrets.ts'
import type { Before } from '../attempts.ts'
import { clockIn, offsetOf, trimmed } from './answer_forms.ts'
import type { AtolClient } from './client.ts'
import { errorInWords } from './errors.ts'
import { type Asked, ask, askAll, EACH, type Silent, silent, type TimeLeft, told } from './questions.ts'
import { type Registered, readRegistered } from './registration.ts'
import { type Requests, readOne } from './requests.ts'
import { readShiftCounters, type ShiftCounters } from './shift_counters.ts'
import { stateOf } from './state_of_register.ts'

/** The FN as it is now, and the registration of the KKT. */
export type Here = Before & { registered: Registered }

/** All that the register tells of itself. `offset`: of its clock, as `+03:00`. */
export type Facts = { state: KktState; registered: Registered; counters: ShiftCounters | null; offset: string }

const fnInfo = z.object({ fnInfo: z.object({ serial: trimmed, numberOfRegistrations: z.int().optional() }) })
const fnStatus = z.object({ fnStatus: z.object({ fiscalDocumentNumber: z.int().nonnegative() }) })

const UNFIT = 'the KKT answered in a form that is not known'

export type RegisterDeps = { client: AtolClient; requests: Requests; kktNumber: string }

/** Reads the registration, and keeps it until the FN is replaced or the KKT is registered again. */
function createRegistrationReading({ client, requests, kktNumber }: RegisterDeps) {
  /** By the FN and the number of its registrations. */
  let known: { by: string; registered: Registered } | null = null

  async function registeredOf(ofFn: unknown, left: TimeLeft): Promise<Asked<Registered>> {
    const info = fnInfo.safeParse(ofFn)
    if (!info.success) return silent(UNFIT)
    const { serial, numberOfRegistrations = 0 } = info.data.fnInfo
    const by = `${serial}/${numberOfRegistrations}`
    if (known?.by === by) return told(known.registered)
    const device = await ask(client, 'DeviceInfo', left)
    if (device.kind === 'silent') return device
    const end = await readOne(requests, { type: 'getRegistrationInfo' }, left())
    if (end.kind === 'open') return silent(end.reason)
    if (end.kind === 'failed') return silent(errorInWords(end.error, NO_SECRETS))
    const registrationInfo = end.kind === 'ready' ? end.result : undefined
    const registered = readRegistered({ deviceInfo: device.value, registrationInfo }, kktNumber)
    if (registered === null) return silent(UNFIT)
    known = { by, registered }
    return told(registered)
  }

  return { registeredOf, last: (): Registered | null => known?.registered ?? null }
}

/** Reads how the register is. Nothing here rejects. */
export function createFacts(deps: RegisterDeps) {
  const { client } = deps
  const { registeredOf, last } = createRegistrationReading(deps)

  async function here(): Promise<({ kind: 'here' } & Here) | Silent> {
    const answers = await askAll(client, ['FnInfo', 'FnStatus'], EACH)
    if (answers.kind === 'silent') return answers
    const [info, status] = [answers.value.get('FnInfo'), fnStatus.safeParse(answers.value.get('FnStatus'))]
    const registered = await registeredOf(info, EACH)
    if (registered.kind === 'silent') return registered
    const fn = fnInfo.safeParse(info)
    if (!fn.success || !status.success) return silent(UNFIT)
    return {
      kind: 'here',
      fnNumber: fn.data.fnInfo.serial,
      lastFdNumber: status.data.fnStatus.fiscalDocumentNumber,
      registered: registered.value,
    }
  }

  async function facts(left: TimeLeft = EACH): Promise<({ kind: 'facts' } & Facts) | Silent> {
    const answers = await askAll(
      client,
      [
        'DeviceStatus',
        'ShiftStatus',
        // Before the FN names itself: one that is put in meanwhile must not tell what is sent of the one before.
        'OfdExchangeStatus',
        'FnInfo',
        'FnStatus',
        'ShiftTotals',
      ],
      left,
    )
    if (answers.kind === 'silent') return answers
    const by = answers.value
    const registered = await registeredOf(by.get('FnInfo'), left)
    if (registered.kind === 'silent') return registered
    const clock = clockIn(by.get('DeviceStatus'))
    const counters = readShiftCounters(by.get('ShiftTotals'))
    const stateAnswers = {
      deviceStatus: by.get('DeviceStatus'),
      shiftStatus: by.get('ShiftStatus'),
      fnInfo: by.get('FnInfo'),
      fnStatus: by.get('FnStatus'),
      ofdExchangeStatus: by.get('OfdExchangeStatus'),
    }
    const state = stateOf(stateAnswers, registered.value, counters)
    if (state === null || clock === null) return silent(UNFIT)
    return {
      kind: 'facts',
      state,
      registered: registered.value,
      counters,
      offset: offsetOf(clock),
    }
  }

  async function fnNow(): Promise<Asked<string>> {
    const answer = await ask(client, 'FnInfo', EACH)
    if (answer.kind === 'silent') return answer
    const info = fnInfo.safeParse(answer.value)
    return info.success ? told(info.data.fnInfo.serial) : silent(UNFIT)
  }

  return {
    here,
    facts,
    /** The number of the FN that is in the KKT. */
    fnNow,
    /** The registration that was read last; null before that. */
    lastRegistered: last,
    /** The registration that was read last, or the one of now. */
    async registered(): Promise<Asked<Registered>> {
      const known = last()
      if (known !== null) return told(known)
      const now = await here()
      return now.kind === 'silent' ? now : told(now.registered)
    },
  }
}
