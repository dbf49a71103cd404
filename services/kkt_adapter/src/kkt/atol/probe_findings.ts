import { iso } from '@kkt/platform/clock.ts'
import { localTimesIn } from '@kkt/platform/time_zone.ts'
import { type KktState, type KktTrouble, UNSENT_LIMIT_DAYS } from '../../domain/kkt.ts'
import type { FnFlag } from '../../domain/shift.ts'
import type { TaxationSystem } from '../../domain/taxation.ts'
import { offsetOf, type RegisterTime } from './answer_forms.ts'
import type { Registered } from './registration.ts'

/** A finding about one thing at a register. Only `wrong` keeps a shop from selling as its settings say. */
export type Finding = { state: 'ok' | 'note' | 'wrong'; about: string; said: string }

const finding =
  (state: Finding['state']) =>
  (about: string, said: string): Finding => ({ state, about, said })
export const ok = finding('ok')
export const note = finding('note')
export const wrong = finding('wrong')

/** The settings that a register has to fit. */
export type Wanted = {
  timeZone: string
  taxationSystem: TaxationSystem | null
  hasCashier: boolean
  delivery: 'http' | 'kkt'
}

/** `fnFfdVersion`: null where the driver does not tell it. `nowMs`: by this machine's clock. */
export type Seen = {
  registered: Registered
  state: KktState
  clock: RegisterTime
  fnFfdVersion: string | null
  nowMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** The law lets a document's time be off by 5 minutes at most. */
const MOST_DRIFT_MS = 5 * MINUTE_MS
const NOTED_DRIFT_MS = MINUTE_MS
const NOTED_UNSENT_DAYS = 3

/** Each thing at a register, in the order in which a person looks at it, with the remedy for what does not fit. */
export function findingsOf(seen: Seen, wanted: Wanted): Finding[] {
  const { registered, state } = seen
  return [
    ok(
      'register',
      `${registered.modelName}, serial number ${registered.serialNumber}, firmware ${registered.firmwareVersion}`,
    ),
    ffdFinding(seen),
    ...fnFindings(state),
    ok(
      'registration',
      `${state.registrationNumber}, ${registered.seller.name}, INN ${registered.seller.inn}: the receipts are this seller's`,
    ),
    taxationFinding(registered, wanted),
    cashierFinding(registered, wanted),
    deliveryFinding(registered, wanted),
    unsentFinding(seen),
    shiftFinding(state),
    ...clockFindings(seen, wanted),
    readinessFinding(state),
  ]
}

function ffdFinding({ registered: { ffdVersion }, fnFfdVersion }: Seen): Finding {
  const said = `${ffdVersion}${fnFfdVersion === null ? '' : `, the FN takes ${fnFfdVersion}`}`
  if (ffdVersion === '1.2') return ok('FFD', said)
  const mend = 'register the KKT again with FFD 1.2 to sell marked goods, and by other measures than pieces'
  return note('FFD', `${said}: ${mend}`)
}

const FLAGS: Readonly<Record<FnFlag, string>> = {
  ends_in_30_days: 'its keys end within 30 days: order a new one',
  ends_in_3_days: 'its keys end within 3 days: replace it',
  nearly_full: 'its memory is nearly full: order a new one',
  ofd_silent: 'the OFD has not confirmed a document in time: mend the way to the OFD',
}

function* fnFindings({ fnNumber, lastFdNumber, fnValidUntil, fnDaysLeft, fnFlags }: KktState): Iterable<Finding> {
  const said = `${fnNumber}, its last document is FD ${lastFdNumber}, its keys end on ${fnValidUntil} (${fnDaysLeft} days)`
  yield fnDaysLeft === 0 ? wrong('FN', `${said}: replace it`) : ok('FN', said)
  for (const flag of fnFlags) yield note('FN', FLAGS[flag])
}

function taxationFinding({ taxationSystems, defaultTaxationSystem }: Registered, { taxationSystem }: Wanted): Finding {
  const all = taxationSystems.join(', ')
  if (taxationSystem !== null && !taxationSystems.includes(taxationSystem)) {
    const mend = `set TAXATION_SYSTEM to one of these, or register the KKT again`
    return wrong('taxation', `it is registered with ${all}, and TAXATION_SYSTEM is ${taxationSystem}: ${mend}`)
  }
  if (taxationSystem === null && defaultTaxationSystem === null) {
    const mend = 'set TAXATION_SYSTEM, or have each receipt name its own'
    return note('taxation', `it is registered with ${all}, and has no default: ${mend}`)
  }
  return ok('taxation', `it is registered with ${all}, and receipts have ${taxationSystem ?? defaultTaxationSystem}`)
}

function cashierFinding({ isAutomatic }: Registered, { hasCashier }: Wanted): Finding {
  if (isAutomatic === true) return ok('cashier', 'it is an automatic device, which needs none')
  if (hasCashier) return ok('cashier', 'the settings name one')
  return wrong('cashier', 'it makes no document without one, and a report or cash names none: set CASHIER_NAME')
}

function deliveryFinding({ isOffline }: Registered, { delivery }: Wanted): Finding {
  if (delivery === 'http') {
    return note(
      'delivery',
      'DELIVERY is http: the adapter sends receipts to OFD_API_URL, beside what the register sends',
    )
  }
  if (isOffline !== true) return ok('delivery', 'the register hands its documents to the OFD by itself')
  const mend = 'register it again with an OFD, unless the law frees the shop of one'
  return wrong('delivery', `it is registered to work without an OFD, and receipts would stay pending: ${mend}`)
}

function unsentFinding({ state: { unsent }, nowMs }: Seen): Finding {
  if (unsent.count === 0) return ok('unsent', 'the OFD has all documents')
  const days = unsent.sinceMs === null ? 0 : (nowMs - unsent.sinceMs) / DAY_MS
  const since = unsent.sinceMs === null ? '' : `, the first since ${iso(unsent.sinceMs)}`
  const said = `the OFD lacks ${unsent.count} documents${since}`
  const mend = `mend its way to the OFD (its network, OFD address and time): after ${UNSENT_LIMIT_DAYS} days the FN signs nothing more`
  if (days < NOTED_UNSENT_DAYS) return note('unsent', said)
  return wrong('unsent', `${said}: ${mend}`)
}

function shiftFinding({ shift }: KktState): Finding {
  if (shift.kind === 'closed') {
    return ok(
      'shift',
      shift.number === 0 ? 'closed, and the FN has had none' : `closed, the last one was ${shift.number}`,
    )
  }
  if (shift.kind === 'opened') return ok('shift', `${shift.number} is open`)
  return note('shift', `${shift.number} is older than 24 hours: the adapter closes it before it sells`)
}

/** The zone shows itself by the offset, so that a wrong zone is not told as a wrong time, too. */
function* clockFindings({ clock, nowMs }: Seen, { timeZone }: Wanted): Iterable<Finding> {
  const [local, offset] = [clock.text.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' '), offsetOf(clock)]
  const expected = offsetIn(timeZone, clock.instantMs)
  if (offset === expected) yield ok('time zone', `${timeZone}, as the register's clock (${offset})`)
  else {
    const mend = "set KKT_TIMEZONE to the zone of the shop, or the register's clock and that of its machine"
    yield wrong(
      'time zone',
      `the register's clock is at ${offset}, and KKT_TIMEZONE=${timeZone} at ${expected}: ${mend}`,
    )
  }
  const driftMs = clock.instantMs - nowMs
  const seconds = Math.round(Math.abs(driftMs) / 1000)
  const said = `${local}, ${seconds} s ${driftMs < 0 ? 'behind' : 'ahead of'} this machine's`
  const mend = 'close the shift, and set the one right that is wrong'
  if (Math.abs(driftMs) > MOST_DRIFT_MS) yield wrong('clock', `${said}: ${mend}`)
  else yield Math.abs(driftMs) > NOTED_DRIFT_MS ? note('clock', `${said}: ${mend}`) : ok('clock', said)
}

/** The offset of a zone at an instant, as `+03:00`. */
function offsetIn(timeZone: string, atMs: number): string {
  const minute = Math.floor(atMs / MINUTE_MS)
  const minutes = Date.parse(`${localTimesIn(timeZone)(atMs)}Z`) / MINUTE_MS - minute
  const two = (value: number): string => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

const TROUBLES: Readonly<Record<KktTrouble, string>> = {
  busy: 'it is busy, or its queue is blocked: look at its display, and wait',
  paper_out: 'it has no paper: put some in',
  cover_open: 'its cover is open: close it',
  printer_fault: 'its printer is out of order: have it mended',
  shift_expired: 'its shift is older than 24 hours: the adapter closes it before it sells',
  clock_behind: 'its clock is behind its last document: set it right, or wait until it has passed it',
  fn_full: 'its FN is full: replace it',
  fn_expired: "its FN's keys have ended, or its archive is closed: replace it",
  fn_broken: 'its FN is missing or out of order: have it looked at',
  fn_unsent_too_long: 'the OFD has confirmed nothing for 30 days: mend its way to the OFD',
  not_registered: 'it is not registered, or its FN is none for real receipts: register it',
}

function readinessFinding({ trouble }: KktState): Finding {
  if (trouble === null) return ok('ready', 'it fiscalises')
  return trouble === 'shift_expired' ? note('ready', TROUBLES[trouble]) : wrong('ready', TROUBLES[trouble])
}
