import { decimal, integer, readSettings } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { SUITE_PACE } from './suite_pace.ts'

/** What a busy machine may add to anything: far more than needed, for it is spent only by a test that fails. */
const MACHINE_SLACK_MS = 5_000

/** The longest that the adapter leaves a KKT alone that was of no use. */
const MAX_KKT_PAUSE_MS = 5_000

/** How the stack was started. The defaults are those of the stack; one with other values hands them on by name. */
const stackSettings = z.object({
  BUFFER_MAX_SIZE: integer({ min: 1, max: 1_000_000 }).prefault('100'),
  BUFFER_ALERT_THRESHOLD: decimal({ min: 0, max: 1 }).prefault('0.8'),
  CIRCUIT_BREAKER_THRESHOLD: integer({ min: 1, max: 1_000 }).prefault('3'),
  MAX_RETRY_ATTEMPTS: integer({ min: 1, max: 1_000 }).prefault('20'),
  KKT_ID: z.string().default('KKT-001'),
})

/** Every time limit and size that the tests use: sizes from the settings of the stack under test, times from the suites' pace. */
export function limitsFor(env: Record<string, string | undefined>) {
  const set = readSettings(stackSettings, env)
  const inMs = (name: keyof typeof SUITE_PACE) => SUITE_PACE[name] * 1000
  const [breakerTimeoutMs, syncIntervalMs] = [inMs('circuit_breaker_timeout'), inMs('sync_interval')]
  const printTimeoutMs = inMs('kkt_print_timeout')
  const printedMs = (receipts: number) => receipts * inMs('kkt_print_delay_max') + MACHINE_SLACK_MS
  const drainedMs = printedMs(set.BUFFER_MAX_SIZE) + breakerTimeoutMs + syncIntervalMs + inMs('ofd_timeout')
  const heartbeatsMs = (count: number) => (count + 1) * (inMs('odoo_heartbeat_interval') + MACHINE_SLACK_MS / 5)
  return Object.freeze({
    bufferMaxSize: set.BUFFER_MAX_SIZE,
    alertThreshold: set.BUFFER_ALERT_THRESHOLD,
    breakerThreshold: set.CIRCUIT_BREAKER_THRESHOLD,
    breakerTimeoutMs,
    syncIntervalMs,
    maxRetryAttempts: set.MAX_RETRY_ATTEMPTS,
    kktId: set.KKT_ID,

    /** What a receipt is waited for before it is answered as `buffered`. */
    printTimeoutMs,
    /** A KKT that was of no use has been asked again, and the next so many receipts have come out of it. */
    recoveredMs: (receipts: number) => MAX_KKT_PAUSE_MS + printedMs(receipts),
    /** Any answer: the slowest is that of a receipt that is not printed in time. */
    answerMs: printTimeoutMs + MACHINE_SLACK_MS,
    /** A manual sync answers when all that is deliverable has been tried. */
    syncAnswerMs: drainedMs,
    /** So many receipts have come out of the one cash register. */
    printedMs,
    /** A printed receipt has reached an OFD that takes it. */
    deliveredMs: inMs('ofd_timeout') + MACHINE_SLACK_MS,
    /** An open breaker has sent its probe by itself. */
    probedMs: breakerTimeoutMs + syncIntervalMs + MACHINE_SLACK_MS,
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
