import type { PrintState } from '../printing/waiting_tills.ts'

/** Times by the monotonic clock. */
type Stages = {
  startedMs: number
  /** When the receipt, or the repetition of its key, was on the disk. */
  journaledMs: number
  /** Whether its till waited for the KKT. */
  isWaitedFor: boolean
  endedMs: number
}

/**
 * The Server-Timing header (W3C Server Timing) of a receipt's answer, in milliseconds. `journal`: the first commit;
 * `wait`: until the KKT was asked; `kkt`: until its answer; `record`: until that was on the disk. Stages that a
 * repetition did not wait for are left out.
 */
export function serverTiming(stages: Stages, { asked }: Pick<PrintState, 'asked'>): string {
  const { startedMs, journaledMs, isWaitedFor, endedMs } = stages
  const journal = part('journal', startedMs, journaledMs)
  if (!isWaitedFor) return journal
  if (asked === undefined) return `${journal}, ${part('wait', journaledMs, endedMs)}`
  const handedMs = Math.max(asked.handedMs, journaledMs)
  const answeredMs = Math.max(asked.answeredMs, journaledMs)
  const wait = asked.handedMs < journaledMs ? '' : `, ${part('wait', journaledMs, handedMs)}`
  const kkt = asked.answeredMs < journaledMs ? '' : `, ${part('kkt', handedMs, answeredMs)}`
  return `${journal}${wait}${kkt}, ${part('record', answeredMs, endedMs)}`
}

const part = (name: string, fromMs: number, toMs: number) => `${name};dur=${Math.round((toMs - fromMs) * 10) / 10}`
