import type { RegisterState, RegisterTrouble } from '../register.ts'
import { lastingTroubleOf, type Moment, paperSupplyOf, shiftOf } from './device.ts'
import { fnFlagsOf, unsentOf, validityOf } from './fn_life.ts'
import type { OpenDevice } from './open_device.ts'
import { cashOf } from './report.ts'

/** The register as it stands. Call it inside a transaction. */
export function registerState(now: Moment, { memory, timeOf }: Pick<OpenDevice, 'memory' | 'timeOf'>): RegisterState {
  const { fnNumber } = now.fn
  const isOpen = now.shift.kind === 'open'
  return {
    fnNumber,
    lastFdNumber: now.lastFdNumber,
    lastReceiptNumber: now.lastReceiptNumber,
    shift: shiftOf(now),
    shiftDocumentCount: isOpen ? memory.counters.of(fnNumber, now.shift.shiftNumber).documents : 0,
    drawerKopecks: cashOf(now, memory),
    clockMs: now.nowMs,
    clockText: withSeconds(timeOf(now.nowMs).fiscalDatetime, now.nowMs),
    paper: paperSupplyOf(now.faults),
    owesPaper: memory.documents.owesPaper(),
    isCoverOpen: now.faults.cover_open,
    fnValidUntil: validityOf(now).validUntil,
    fnFlags: fnFlagsOf(now),
    unsent: unsentOf(now),
    trouble: troubleOf(now),
  }
}

/** Looking does not count `busy` down: only what it turns away does. */
const troubleOf = (now: Moment): RegisterTrouble | null => (now.faults.busy > 0 ? 'busy' : lastingTroubleOf(now))

const TO_MINUTES = 'yyyy-mm-ddThh:mm'.length
const TO_SECONDS = 'yyyy-mm-ddThh:mm:ss'.length

/** Zones are whole minutes apart, so the second is that of UTC. */
const withSeconds = (minute: string, ms: number): string =>
  minute.slice(0, TO_MINUTES) + new Date(ms).toISOString().slice(TO_MINUTES, TO_SECONDS) + minute.slice(TO_SECONDS)
