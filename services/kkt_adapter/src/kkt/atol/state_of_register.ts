import { z } from 'zod'
import { type KktState, type KktTrouble, type ShiftReport, UNSENT_LIMIT_DAYS } from '../../domain/kkt.ts'
import type { FnFlag, ShiftState, Unsent } from '../../domain/shift.ts'
import { count, type RegisterTime, readTime, time, trimmed } from './answer_forms.ts'
import type { Registered } from './registration.ts'
import type { ShiftCounters } from './shift_counters.ts'

/** The results of the tasks or queries of these names. */
export type StateAnswers = {
  deviceStatus: unknown
  shiftStatus: unknown
  fnInfo: unknown
  fnStatus: unknown
  ofdExchangeStatus: unknown
}

const fnWarnings = z.object({
  criticalError: z.boolean(),
  memoryOverflow: z.boolean(),
  needReplacement: z.boolean(),
  ofdTimeout: z.boolean(),
  resourceExhausted: z.boolean(),
})

/** The books nest the date under `validity`, the driver does not. */
const fnInfo = z.object({
  fnInfo: z.union([
    z.object({ serial: trimmed, livePhase: z.string(), validityDate: z.string() }),
    z
      .object({ serial: trimmed, livePhase: z.string(), validity: z.object({ validityDate: z.string() }) })
      .transform(({ validity, ...info }) => ({ ...info, ...validity })),
  ]),
})

/** The books say `expiredAt`, the driver `expiredTime`. */
const shiftStatus = z.object({
  shiftStatus: z.object({
    state: z.enum(['closed', 'opened', 'expired']),
    number: count,
    expiredTime: z.string().nullish(),
    expiredAt: z.string().nullish(),
  }),
})

const exchange = z.object({
  notSentCount: count,
  notSentFirstDocNumber: count.nullish(),
  notSentFirstDocDateTime: z.string().nullish(),
})

const answers = z.object({
  deviceStatus: z.object({
    deviceStatus: z.object({
      blocked: z.boolean(),
      coverOpened: z.boolean(),
      currentDateTime: time,
      fiscal: z.boolean(),
      fnFiscal: z.boolean(),
      fnPresent: z.boolean(),
      paperPresent: z.boolean(),
    }),
  }),
  shiftStatus,
  fnInfo,
  fnStatus: z.object({ fnStatus: z.object({ fiscalDocumentNumber: count, warnings: fnWarnings }) }),
  // As a task's result, and as the query route wraps it.
  ofdExchangeStatus: z.union([
    z.object({ status: exchange }).transform(({ status }) => status),
    z.object({ ofdExchangeStatus: exchange }).transform(({ ofdExchangeStatus }) => ofdExchangeStatus),
  ]),
})

type Told = z.output<typeof answers>

const DAY_MS = 86_400_000

/**
 * @param counters those of the shift, where they were asked for
 * @returns null for answers that do not fit
 */
export function stateOf(
  told: StateAnswers,
  registered: Registered,
  counters: ShiftCounters | null = null,
): KktState | null {
  const parsed = answers.safeParse(told)
  if (!parsed.success) return null
  const { deviceStatus, shiftStatus: ofShift, fnInfo: ofFn, fnStatus, ofdExchangeStatus } = parsed.data
  const clock = deviceStatus.deviceStatus.currentDateTime
  const shift = shiftOf(ofShift)
  const fnValidUntil = dayOf(ofFn.fnInfo.validityDate)
  if (shift === null || fnValidUntil === null) return null
  const lastFdNumber = fnStatus.fnStatus.fiscalDocumentNumber
  const unsent = registered.isOffline === true ? neverSent(lastFdNumber) : unsentOf(ofdExchangeStatus)
  const fnDaysLeft = Math.max(0, daysBetween(clock, fnValidUntil))
  return {
    kktNumber: registered.kktNumber,
    fnNumber: ofFn.fnInfo.serial,
    shiftNumber: shift.number,
    lastFdNumber,
    trouble: troubleOf(parsed.data, { shift, unsent, isPast: daysBetween(clock, fnValidUntil) < 0 }),
    shift,
    drawerKopecks: counters?.drawerKopecks ?? null,
    fnValidUntil,
    fnDaysLeft,
    fnFlags: flagsOf(fnStatus.fnStatus.warnings),
    unsent,
    clockMs: clock.instantMs,
    paperSupply: deviceStatus.deviceStatus.paperPresent ? 'present' : 'out',
    ffdVersion: registered.ffdVersion,
    registrationNumber: registered.registrationNumber,
    serialNumber: registered.serialNumber,
    taxationSystems: registered.taxationSystems,
  }
}

/** @returns null for counters of another shift */
export const reportOf = (
  { shift, clockMs }: KktState,
  { shiftNumber, totals, drawerKopecks }: ShiftCounters,
): ShiftReport | null => (shift.number === shiftNumber ? { shift, totals, drawerKopecks, clockMs } : null)

/** The state of the shift. The register tells when it expires, 24 hours after its opening. */
function shiftOf({ shiftStatus: told }: Told['shiftStatus']): ShiftState | null {
  if (told.state === 'closed') return { kind: 'closed', number: told.number }
  const expires = readTime(told.expiredTime ?? told.expiredAt ?? '')
  if (expires === null) return null
  const expiresAtMs = expires.instantMs
  return { kind: told.state, number: told.number, openedAtMs: expiresAtMs - DAY_MS, expiresAtMs }
}

/** The day of a time, in either form of days. */
function dayOf(told: string): string | null {
  const day = told.slice(0, 'yyyy-mm-dd'.length).replaceAll('.', '-')
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
}

const daysBetween = (clock: RegisterTime, day: string): number =>
  (Date.parse(day) - Date.parse(clock.text.slice(0, 'yyyy-mm-dd'.length))) / DAY_MS

/** A register that is registered for work without an OFD counts nothing as unsent, and hands nothing over. */
const neverSent = (lastFdNumber: number): Unsent => ({ count: lastFdNumber, firstFd: 1, sinceMs: null })

function unsentOf(told: Told['ofdExchangeStatus']): Unsent {
  const { notSentCount, notSentFirstDocNumber, notSentFirstDocDateTime } = told
  if (notSentCount === 0) return { count: 0, firstFd: null, sinceMs: null }
  return {
    count: notSentCount,
    firstFd: notSentFirstDocNumber || null,
    sinceMs: readTime(notSentFirstDocDateTime ?? '')?.instantMs ?? null,
  }
}

function flagsOf(warnings: z.output<typeof fnWarnings>): FnFlag[] {
  const flags: [FnFlag, boolean][] = [
    ['ends_in_30_days', warnings.resourceExhausted],
    ['ends_in_3_days', warnings.needReplacement],
    ['nearly_full', warnings.memoryOverflow],
    ['ofd_silent', warnings.ofdTimeout],
  ]
  return flags.flatMap(([flag, isSet]) => (isSet ? [flag] : []))
}

type Derived = { shift: ShiftState; unsent: Unsent; isPast: boolean }

/** The trouble that takes a person longest to end comes first. */
function troubleOf({ deviceStatus, fnInfo, fnStatus }: Told, { shift, unsent, isPast }: Derived): KktTrouble | null {
  const { blocked, coverOpened, currentDateTime, fiscal, fnFiscal, fnPresent, paperPresent } = deviceStatus.deviceStatus
  const unsentForMs = unsent.sinceMs === null ? 0 : currentDateTime.instantMs - unsent.sinceMs
  const troubles: [KktTrouble, boolean][] = [
    ['fn_broken', !fnPresent || fnStatus.fnStatus.warnings.criticalError],
    ['fn_expired', isPast || isClosed(fnInfo.fnInfo.livePhase)],
    ['not_registered', !fiscal || !fnFiscal],
    ['fn_unsent_too_long', unsentForMs > UNSENT_LIMIT_DAYS * DAY_MS],
    ['cover_open', coverOpened],
    ['paper_out', !paperPresent],
    ['shift_expired', shift.kind === 'expired'],
    // The KKT does not say why.
    ['busy', blocked],
  ]
  const [first] = troubles.find(([, isThere]) => isThere) ?? []
  return first ?? null
}

/** Its archive is closed: it signs no more receipts. */
const isClosed = (livePhase: string): boolean => livePhase === 'postFiscalMode' || livePhase === 'accessArchive'
