import type { IdempotencyKey } from './receipt.ts'

/**
 * The client that asks for a change. `owner`: its token's name, to which its idempotency keys belong; null without
 * tokens. `who`: the name and the address, for the audit log.
 */
export type Actor = { owner: string | null; who: string | null }

/** For changes that the adapter makes by itself. */
export const NOBODY: Actor = { owner: null, who: null }

/** The journal's and the KKT's name for an owner's key. Neither a token's name nor a key has a space. */
export const ownedKey = (owner: string, key: IdempotencyKey) => `${owner} ${key}` as IdempotencyKey

/**
 * The names under which the KKT may know a sale, this one first: tokens may have been turned on or off since.
 * @param owners all owners that the journal knows
 */
export function namesOf(key: IdempotencyKey, owners: readonly string[]): IdempotencyKey[] {
  const space = key.indexOf(' ')
  return space <= 0
    ? [key, ...owners.map((owner) => ownedKey(owner, key))]
    : [key, key.slice(space + 1) as IdempotencyKey]
}
