import type { Kkt } from '../../harness/asked.ts'
import type { NO_LOOKUP } from './ofd.ts'

/** The settings of a world. */
export type Settings = {
  /** Seeds the world's random numbers. */
  seed: number
  /** The adapter's KKT_MODE. */
  kkt: Kkt
  nodes: 1 | 2
  restartsInPlace: boolean
  /** Whether there may be other hosts with the same KKT. */
  hasRedis: boolean
  /** The time after which an ended node is restarted. Null means never. */
  restartsAfterMs: number | null
  maxUndelivered: number
  /** Whether the KKT prints without delay. Such a KKT gets several receipts that were marked in one commit. */
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

/** The world that is easiest to understand. */
export const SIMPLEST: Settings = {
  seed: 0,
  kkt: 'mock',
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
