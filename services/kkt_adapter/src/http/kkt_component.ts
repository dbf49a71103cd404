import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { type KktState, UNSENT_LIMIT_DAYS } from '../domain/kkt.ts'
import type { FnInKkt } from '../journal/fiscal_memories.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { TaskDesk } from '../printing/task_desk.ts'
import { readable } from '../sqlite/storage_failure.ts'
import type { Health } from './health_answer.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const HOUR_MS = 60 * 60 * 1000

/** From so few days left on a person has to act now. */
const FEW_DAYS = 5
/** By law a document's time may differ by 5 minutes from the true one. */
export const CLOCK_WRONG_SECONDS = 5 * 60
/** How long a replaced FN is told of. */
const REPLACED_FOR_MS = DAY_MS

export type KktComponentDeps = {
  journal: Journal
  driver: Pick<KktDriver, 'isMock'>
  kktState: () => Promise<KktState | null>
  desk: Pick<TaskDesk, 'closesAtMs'>
  wallMs: () => number
}

type KktComponent = Health['components']['kkt']

/** Reads how the cash register is. */
export async function kktComponent(deps: KktComponentDeps): Promise<KktComponent> {
  const { journal, driver, wallMs } = deps
  const state = await deps.kktState()
  const unknownOutcomes = readable(journal.queries.counts)?.unknown ?? null
  const withoutPaper = readable(journal.queries.countWithoutPaper)
  const unclearTasks = readable(journal.tasks.countUnclear)
  const nowMs = wallMs()
  const told = {
    mode: driver.isMock ? ('mock' as const) : ('real' as const),
    ...deviceFields(state, nowMs),
    ...shiftFields(state, deps, nowMs),
    ...fnFields(state),
    ...replacement(readable(journal.fiscalMemories.inKkt), nowMs),
    unknown_outcomes: unknownOutcomes,
    untold: readable(journal.queries.countUntold),
    unclear_tasks: unclearTasks,
    without_paper: withoutPaper,
  }
  const isFine =
    state !== null && unknownOutcomes === 0 && unclearTasks === 0 && withoutPaper === 0 && !needsALook(told)
  return { status: isFine ? 'healthy' : 'degraded', ...told }
}

/** Flags of which the adapter warns long before are no trouble yet. */
const needsALook = (kkt: Omit<KktComponent, 'status'>): boolean =>
  kkt.trouble !== null ||
  Math.abs(kkt.clock_drift_seconds ?? 0) >= CLOCK_WRONG_SECONDS ||
  (kkt.fn_flags ?? []).includes('ends_in_3_days') ||
  (kkt.days_left ?? UNSENT_LIMIT_DAYS) <= FEW_DAYS

const deviceFields = (state: KktState | null, nowMs: number) => ({
  kkt_number: state?.kktNumber ?? null,
  last_fiscal_doc_number: state?.lastFdNumber ?? null,
  trouble: state?.trouble ?? null,
  clock_drift_seconds: state && driftSeconds(state, nowMs),
  paper: state?.paperSupply ?? null,
  ffd_version: state?.ffdVersion ?? null,
  registration_number: state?.registrationNumber ?? null,
  serial_number: state?.serialNumber ?? null,
  taxation_systems: state && [...state.taxationSystems],
})

function shiftFields(state: KktState | null, { desk }: KktComponentDeps, nowMs: number) {
  const shift = state?.shift ?? null
  const closesAtMs = state && desk.closesAtMs(state.shift, state.clockMs)
  return {
    shift_number: state?.shiftNumber ?? null,
    shift_state: shift?.kind ?? null,
    shift_expires_at: shift === null || shift.kind === 'closed' ? null : iso(shift.expiresAtMs),
    shift_closes_at: isoOrNull(closesAtMs),
    shift_ends_soon: closesAtMs !== null && closesAtMs - nowMs <= HOUR_MS,
  }
}

const fnFields = (state: KktState | null) => ({
  fn_number: state?.fnNumber ?? null,
  fn_valid_until: state?.fnValidUntil ?? null,
  fn_days_left: state?.fnDaysLeft ?? null,
  fn_flags: state?.fnFlags ?? null,
  unsent_count: state?.unsent.count ?? null,
  unsent_since: isoOrNull(state?.unsent.sinceMs ?? null),
  days_left: state && daysToConfirm(state),
})

function replacement(inKkt: FnInKkt | null, nowMs: number) {
  const replaced = inKkt?.replaced ?? null
  if (replaced === null || nowMs - replaced.atMs >= REPLACED_FOR_MS) return { replaced_fn: null, fn_replaced_at: null }
  return { replaced_fn: replaced.fnNumber, fn_replaced_at: iso(replaced.atMs) }
}

/** How far the KKT's clock is ahead. */
const driftSeconds = ({ clockMs }: KktState, nowMs: number): number => Math.round((clockMs - nowMs) / 1000)

/**
 * Days until the FN signs nothing more, by its own clock: a day that has begun counts, and none is left at 0. Null where the OFD
 * has confirmed all.
 */
function daysToConfirm({ unsent, clockMs }: KktState): number | null {
  if (unsent.sinceMs === null) return null
  return Math.max(0, Math.ceil((unsent.sinceMs + UNSENT_LIMIT_DAYS * DAY_MS - clockMs) / DAY_MS))
}
