import { decimal, integer, readSettings, seconds } from '@kkt/platform/settings.ts'
import { z } from 'zod'

/** What a busy machine may add to anything: far more than needed, for it is spent only by a test that fails. */
const MACHINE_SLACK_MS = 5_000

/** The longest that the adapter leaves a KKT alone that was of no use. */
const MAX_KKT_PAUSE_MS = 5_000

/** How the stack was started. The defaults are those of the stack; one with other values hands them on by name. */
const stackSettings = z.object({
  BUFFER_MAX_SIZE: integer({ min: 1, max: 1_000_000 }).prefault('100'),
  BUFFER_ALERT_THRESHOLD: decimal({ min: 0, max: 1 }).prefault('0.8'),
  OFD_TIMEOUT: seconds({ min: 0, max: 300 }).prefault('5'),
  CIRCUIT_BREAKER_THRESHOLD: integer({ min: 1, max: 1_000 }).prefault('3'),
  CIRCUIT_BREAKER_TIMEOUT: seconds({ min: 0, max: 3_600 }).prefault('10'),
  SYNC_INTERVAL: seconds({ min: 0, max: 3_600 }).prefault('5'),
  MAX_RETRY_ATTEMPTS: integer({ min: 1, max: 1_000 }).prefault('20'),
  ODOO_HEARTBEAT_INTERVAL: seconds({ min: 0, max: 3_600 }).prefault('10'),
  KKT_ID: z.string().default('KKT-001'),
  KKT_PRINT_DELAY_MAX: seconds({ min: 0, max: 60 }).prefault('0.2'),
  KKT_PRINT_TIMEOUT: seconds({ min: 0, max: 300 }).prefault('10'),
})

/** Every time limit and size that the tests use, from the settings of the stack under test. */
export function limitsFor(env: Record<string, string | undefined>) {
  const set = readSettings(stackSettings, env)
  const printedMs = (receipts: number) => receipts * set.KKT_PRINT_DELAY_MAX + MACHINE_SLACK_MS
  const drainedMs = printedMs(set.BUFFER_MAX_SIZE) + set.CIRCUIT_BREAKER_TIMEOUT + set.SYNC_INTERVAL + set.OFD_TIMEOUT
  const heartbeatsMs = (count: number) => (count + 1) * (set.ODOO_HEARTBEAT_INTERVAL + MACHINE_SLACK_MS / 5)
  return Object.freeze({
    bufferMaxSize: set.BUFFER_MAX_SIZE,
    alertThreshold: set.BUFFER_ALERT_THRESHOLD,
    breakerThreshold: set.CIRCUIT_BREAKER_THRESHOLD,
    breakerTimeoutMs: set.CIRCUIT_BREAKER_TIMEOUT,
    syncIntervalMs: set.SYNC_INTERVAL,
    maxRetryAttempts: set.MAX_RETRY_ATTEMPTS,
    kktId: set.KKT_ID,

    /** What a receipt is waited for before it is answered as `buffered`. */
    printTimeoutMs: set.KKT_PRINT_TIMEOUT,
    /** A KKT that was of no use has been asked again, and the next so many receipts have come out of it. */
    recoveredMs: (receipts: number) => MAX_KKT_PAUSE_MS + printedMs(receipts),
    /** Any answer: the slowest is that of a receipt that is not printed in time. */
    answerMs: set.KKT_PRINT_TIMEOUT + MACHINE_SLACK_MS,
    /** A manual sync answers when all that is deliverable has been tried. */
    syncAnswerMs: drainedMs,
    /** So many receipts have come out of the one cash register. */
    printedMs,
    /** A printed receipt has reached an OFD that takes it. */
    deliveredMs: set.OFD_TIMEOUT + MACHINE_SLACK_MS,
    /** An open breaker has sent its probe by itself. */
    probedMs: set.CIRCUIT_BREAKER_TIMEOUT + set.SYNC_INTERVAL + MACHINE_SLACK_MS,
    /** A full buffer has been printed and delivered, an open breaker included. */
    drainedMs,
    /** That, and Odoo has been heard again. */
    healedMs: drainedMs + heartbeatsMs(3),
    /** So many heartbeats have been sent, and their outcome is known. */
    heartbeatsMs,
    /** A whole test: its own waits end first and say what was missing. */
    testMs: 3 * drainedMs + heartbeatsMs(10),
  })
}

export const limits = limitsFor(process.env)
