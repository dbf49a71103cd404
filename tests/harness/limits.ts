import { decimal, integer, readSettings } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { SUITE_PACE } from './suite_pace.ts'

/** Ample time that a busy machine may add. Only a test that fails spends it. */
const MACHINE_SLACK_MS = 15_000

/** The longest pause that the adapter makes before it asks a failing KKT again. */
const MAX_KKT_PAUSE_MS = 5_000

/** The settings of the stack under test. The variables override the stack's defaults. */
const stackSettings = z.object({
  BUFFER_MAX_SIZE: integer({ min: 1, max: 1_000_000 }).prefault('100'),
  BUFFER_ALERT_THRESHOLD: decimal({ min: 0, max: 1 }).prefault('0.8'),
  CIRCUIT_BREAKER_THRESHOLD: integer({ min: 1, max: 1_000 }).prefault('3'),
  MAX_RETRY_ATTEMPTS: integer({ min: 1, max: 1_000 }).prefault('20'),
  KKT_ID: z.string().default('KKT-001'),
  CASHIER_NAME: z.string().default('Иванова А. А.'),
})

/** Every time limit and size of the tests. Sizes come from the stack's settings, times from the suites' pace. */
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
    cashierName: set.CASHIER_NAME,

    /** The time after which an unprinted receipt is answered as `buffered`. */
    printTimeoutMs,
    /** A KKT that failed is asked again and prints this many receipts. */
    recoveredMs: (receipts: number) => MAX_KKT_PAUSE_MS + printedMs(receipts),
    /** Any answer arrives. The slowest is that of a receipt that is not printed in time. */
    answerMs: printTimeoutMs + MACHINE_SLACK_MS,
    /** A manual sync answers, after it has tried everything deliverable. */
    syncAnswerMs: drainedMs,
    /** The one cash register prints this many receipts. */
    printedMs,
    /** A printed receipt reaches an OFD that takes it. */
    deliveredMs: inMs('ofd_timeout') + MACHINE_SLACK_MS,
    /** An open breaker sends its probe by itself. */
    probedMs: breakerTimeoutMs + syncIntervalMs + MACHINE_SLACK_MS,
    /** A full buffer is printed and delivered, an open breaker included. */
    drainedMs,
    /** The same, and Odoo is heard again. */
    healedMs: drainedMs + heartbeatsMs(3),
    /** This many heartbeats are sent, and their outcome is known. */
    heartbeatsMs,
    /** A whole test. The waits inside it end first and say what was missing. */
    testMs: 3 * drainedMs + heartbeatsMs(10),
  })
}

export const limits = limitsFor(process.env)
