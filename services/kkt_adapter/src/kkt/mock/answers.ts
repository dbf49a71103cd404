import type { FencingToken } from '../../domain/fencing_token.ts'
import type { TaxationSystem } from '../../domain/taxation.ts'
import { MAX_DOCUMENT_BYTES } from './document_size.ts'

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

/** The reasons why a KKT in trouble makes no document. Without paper it does make one. */
export const REFUSALS = {
  busy: refused('the KKT is busy'),
  fn_full: refused('the FN is full: have it replaced', true),
  clock_behind: refused("the KKT's clock is behind its last document: set it right, or wait until it has passed it"),
  shift_expired: refused('the shift has expired'),
}

export const notRegisteredWith = (system: TaxationSystem, registered: readonly TaxationSystem[]) =>
  refused(`the KKT is not registered with the taxation system ${system}, only with ${registered.join(', ')}`, true)

export const tooLarge = (bytes: number) =>
  refused(
    `its document would have ${bytes} bytes, and an FN takes at most ${MAX_DOCUMENT_BYTES}: sell the goods in several receipts`,
    true,
  )
