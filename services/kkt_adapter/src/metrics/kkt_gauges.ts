import { type KktState, PAPER_SUPPLIES } from '../domain/kkt.ts'
import { FN_FLAG_NAMES } from '../domain/shift.ts'
import { choose, show } from './gauge_kit.ts'
import type { MetricRegistry } from './registry.ts'

const DAY_SECONDS = 24 * 60 * 60
const SHIFT_STATES = ['closed', 'opened', 'expired'] as const

/** The register and its FN. All are absent, or 0, while it does not answer. @returns shows a report */
export function kktGauges(
  registry: MetricRegistry,
  { wallMs }: { wallMs: () => number },
): (state: KktState | null) => void {
  const showFn = fnGauges(registry)
  const { gauge } = registry
  const drift = gauge('kkt_adapter_clock_drift_seconds', "How far the KKT's clock is ahead of the adapter's.")
  const paper = gauge('kkt_adapter_paper', "1 for the KKT's supply of paper, 0 for the others.", ['supply'])
  const shift = gauge('kkt_adapter_shift', "1 for the state of the KKT's shift, 0 for the others.", ['state'])
  const expires = gauge(
    'kkt_adapter_shift_expires_timestamp_seconds',
    'Unix time at which 24 hours of the open shift are over. Absent while none is open.',
  )
  return (state) => {
    showFn(state)
    show(drift, state && (state.clockMs - wallMs()) / 1000)
    choose(paper, PAPER_SUPPLIES, state?.paperSupply ?? null)
    choose(shift, SHIFT_STATES, state?.shift.kind ?? null)
    const open = state === null || state.shift.kind === 'closed' ? null : state.shift
    show(expires, open && open.expiresAtMs / 1000)
  }
}

function fnGauges({ gauge }: MetricRegistry): (state: KktState | null) => void {
  const info = gauge('kkt_adapter_fn_info', 'Always 1, with the number and the last day of the FN in the KKT.', [
    'fn_number',
    'valid_until',
  ])
  const left = gauge('kkt_adapter_fn_remaining_seconds', 'Time until the FN ends, in whole days.')
  const flags = gauge('kkt_adapter_fn_flag', '1 for each warning of the FN that holds, 0 for the others.', ['flag'])
  const unsent = gauge('kkt_adapter_unsent_documents', 'Documents of the FN that the OFD has not confirmed.')
  const unsentAge = gauge(
    'kkt_adapter_unsent_age_seconds',
    'Age of the first of them. After 30 days the FN signs nothing more. 0 without one.',
  )
  return (state) => {
    // Another FN may be in the KKT.
    info.reset()
    if (state !== null) info.labels(state.fnNumber, state.fnValidUntil).set(1)
    show(left, state && state.fnDaysLeft * DAY_SECONDS)
    for (const flag of FN_FLAG_NAMES) flags.labels(flag).set(state?.fnFlags.includes(flag) ? 1 : 0)
    show(unsent, state?.unsent.count ?? null)
    show(unsentAge, state && Math.max(0, state.clockMs - (state.unsent.sinceMs ?? state.clockMs)) / 1000)
  }
}
