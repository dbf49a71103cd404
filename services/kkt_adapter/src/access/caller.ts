import type { Actor } from '../domain/actor.ts'
import type { Holder } from './tokens.ts'

/** The client of a request. `anyone`: there are no tokens. `address`: its end of the connection, without the port. */
export type Caller = { kind: 'anyone'; address: string | null } | ({ kind: 'holder' } & Held)
type Held = { holder: Holder; address: string | null }

export const actorOf = (caller: Caller): Actor => {
  const owner = caller.kind === 'holder' ? caller.holder.name : null
  const who = [owner, caller.address].filter((part) => part !== null).join(' ')
  return { owner, who: who === '' ? null : who }
}

/** The tills whose receipts it may see, and sell for; null for all. */
export const tillsOf = (caller: Caller): readonly string[] | null =>
  caller.kind === 'holder' && caller.holder.role === 'till' ? caller.holder.posIds : null

/** Without tokens everyone is one. */
export const isOperator = (caller: Caller): boolean => caller.kind === 'anyone' || caller.holder.role === 'operator'

export const maySellFor = (caller: Caller, posId: string): boolean => tillsOf(caller)?.includes(posId) ?? true
