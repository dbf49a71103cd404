import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import { formatRoubles } from '@kkt/adapter/src/domain/money.ts'
import type { TaxationSystem } from '@kkt/adapter/src/domain/taxation.ts'
import { MAX_DOCUMENT_BYTES } from '../device/document_size.ts'

const unknown = (reason: string) => ({ kind: 'unknown' as const, reason })

/** @param isLasting it will be refused again */
export const refused = (reason: string, isLasting = false) => ({ kind: 'refused' as const, isLasting, reason })

export const outdated = (newest: FencingToken) => ({
  kind: 'outdated' as const,
  newest,
  reason: 'another process drives the KKT',
})

export const NO_ANSWER = unknown('the KKT does not answer')
export const NO_MEMORY = unknown('the fiscal memory did not answer')
export const NO_REPLY = unknown('the reply of the KKT got lost')
export const NO_CONNECTION = unknown('the connection to the KKT broke')

/** The reasons why a KKT in trouble makes no document, until the trouble has ended. Without paper it does make one. */
export const REFUSALS = {
  busy: refused('the KKT is busy'),
  cover_open: refused('the cover of the KKT is open: close it'),
  printer_fault: refused('the printer of the KKT is out of order: have it mended'),
  not_registered: refused('the KKT is not registered: have it registered'),
  fn_broken: refused('the FN is out of order: have it replaced'),
  fn_expired: refused('the keys of the FN have ended: have it replaced'),
  fn_full: refused('the FN is full: have it replaced'),
  fn_unsent_too_long: refused('the OFD has confirmed nothing for 30 days: the FN signs again once it has'),
  clock_behind: refused("the KKT's clock is behind its last document: set it right, or wait until it has passed it"),
  shift_expired: refused('the shift has expired'),
}

export const notRegisteredWith = (system: TaxationSystem, registered: readonly TaxationSystem[]) =>
  refused(`the KKT is not registered with the taxation system ${system}, only with ${registered.join(', ')}`, true)

/** A test wants a receipt refused. */
export const RECEIPT_REFUSED = refused('the KKT does not take this receipt', true)

export const tooLarge = (bytes: number) =>
  refused(
    `its document would have ${bytes} bytes, and an FN takes at most ${MAX_DOCUMENT_BYTES}: sell the goods in several receipts`,
    true,
  )

/** The reasons why a task is refused for good. */
export const TASK_REFUSALS = {
  shift_open: refused('a shift is open already', true),
  shift_closed: refused('no shift is open', true),
  no_paper: refused('the KKT has no paper: put some in, and ask again', true),
  no_document: refused('the KKT holds no document of this receipt', true),
}

export const otherShift = (wanted: number, open: number) =>
  refused(`shift ${wanted} is not open, but shift ${open}`, true)

export const drawerTooLow = (drawerKopecks: number) =>
  refused(`there are only ${formatRoubles(drawerKopecks)} roubles in the drawer`, true)

export const UNTELLABLE = {
  kind: 'untellable' as const,
  reason: 'the KKT has no way to tell whether it has done this',
}
