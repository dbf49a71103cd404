import type { NO_LOOKUP } from './ofd.ts'

/** How a world is made. */
export type Settings = {
  /** Of what is random in it. */
  seed: number
  nodes: 1 | 2
  restartsInPlace: boolean
  /** Whether there may be other hosts with the same KKT. */
  hasRedis: boolean
  /** When somebody starts a node again that ended. Null: nobody does. */
  restartsAfterMs: number | null
  maxUndelivered: number
  /** Such a KKT is handed several that were marked in one commit. */
  printsAtOnce: boolean
  ofdLookup: 'offered' | (typeof NO_LOOKUP)[number]
  /** Whether its answers to submissions name the receipt. */
  ofdNamesReceipts: boolean
  ofdTimeoutMs: number
  ofdSkewMs: number
  ofdTellsFractions: boolean
  breakerThreshold: number
  breakerTimeoutMs: number
  syncIntervalMs: number
  maxInFlight: number
  maxRetryAttempts: number
}

/** The world that is easiest to think about. */
export const SIMPLEST: Settings = {
  seed: 0,
  nodes: 1,
  restartsInPlace: true,
  hasRedis: false,
  restartsAfterMs: null,
  maxUndelivered: 12,
  printsAtOnce: false,
  ofdLookup: 'offered',
  ofdNamesReceipts: true,
  ofdTimeoutMs: 1000,
  ofdSkewMs: 0,
  ofdTellsFractions: false,
  breakerThreshold: 3,
  breakerTimeoutMs: 5000,
  syncIntervalMs: 3000,
  maxInFlight: 1,
  maxRetryAttempts: 3,
}
