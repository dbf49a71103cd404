import { deliveredByKkt } from './alerts.ts'
import type { BufferStatus, Health, Receipt } from './wire.ts'
import type { Words } from './words/en.ts'

type Known = { receipt: Receipt; status: BufferStatus | null; health: Health | null }

/** Why a receipt is not at the OFD yet, and what to do; null for one that waits for nothing. */
export function whyWaiting({ receipt, status, health }: Known, words: Words): string | null {
  switch (receipt.status) {
    case 'accepted':
    case 'printing':
      return whyUnprinted(health, words)
    case 'unknown':
      return words.waits.unknown
    case 'pending':
      return whyPending(receipt, status, words)
    case 'failed':
      return words.waits.dead(receipt.last_error ?? '')
    default:
      return null
  }
}

function whyUnprinted(health: Health | null, words: Words): string {
  const kkt = health?.components.kkt
  if (!kkt) return words.waits.kkt
  const trouble = kkt.kkt_number === null ? words.kktSilent : kkt.trouble && words.troubles[kkt.trouble]
  return trouble ? words.waits.kktTrouble(trouble.text, trouble.action) : words.waits.kkt
}

function whyPending({ last_error: error }: Receipt, status: BufferStatus | null, words: Words): string {
  if (error !== null) return words.waits.failed(error)
  if (status && deliveredByKkt({ status })) return words.waits.byKkt
  if (status && status.circuit_breaker.state !== 'CLOSED') return words.waits.breaker
  const holder = status?.sender_lease.held_by
  if (holder === 'another_host' || holder === 'nobody') return words.waits.sender(words.heldBy[holder])
  return status && status.pending > 1 ? words.waits.turn : words.waits.soon
}
