import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { noOtherField } from '@kkt/platform/wording.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { adapterProblem } from './adapter_problems.ts'
import type { NoteCommand } from './callers.ts'
import { type OfdControlDeps, ofdControl } from './ofd_control.ts'
import type { Pace, PaceKeeper } from './pace.ts'

export type TestControlDeps = {
  /** Told behind each command: the mock KKT's last report may be out of date. */
  kktChanged: () => void
  pace: PaceKeeper
  /** Null where no OFD is to be switched off and on. */
  ofd: OfdControlDeps | null
}
type WithNote = TestControlDeps & { noteCommand: NoteCommand }

export const MAX_SETTINGS_BYTES = 64 * 1024
const DEFAULT_TTL_SECONDS = 30
const MAX_TTL_SECONDS = 3600

const seconds = (min: number, max: number, description: string) => {
  const takes = `takes a number of seconds from ${min} to ${max}`
  return z
    .number(takes)
    .min(min, takes)
    .max(max, takes)
    .meta({ description: `${description}, in seconds` })
}

/** The limits of the settings of the same names. */
const durations = {
  sync_interval: seconds(0.05, 3600, 'The longest that anything waits for its next attempt'),
  circuit_breaker_timeout: seconds(0.05, 3600, 'From the opening of the breaker to its probe'),
  odoo_heartbeat_interval: seconds(0.05, 3600, 'Between two heartbeats'),
  ofd_timeout: seconds(0.05, 300, 'For one whole answer of the OFD'),
  kkt_print_delay_min: seconds(0, 600, 'The shortest time that the mock KKT prints'),
  kkt_print_delay_max: seconds(0, 600, 'The longest time that the mock KKT prints'),
  kkt_print_timeout: seconds(0.01, 600, 'The time that a till waits for its document'),
}
type Name = keyof typeof durations

const PACE_OF: Readonly<Record<Name, keyof Pace>> = {
  sync_interval: 'syncIntervalMs',
  circuit_breaker_timeout: 'breakerTimeoutMs',
  odoo_heartbeat_interval: 'heartbeatIntervalMs',
  ofd_timeout: 'ofdTimeoutMs',
  kkt_print_delay_min: 'printDelayMinMs',
  kkt_print_delay_max: 'printDelayMaxMs',
  kkt_print_timeout: 'printTimeoutMs',
}
const NAMES: readonly Name[] = z.keyof(z.object(durations)).options

const change = z
  .object({
    ...durations,
    ttl: seconds(0.05, MAX_TTL_SECONDS, `The time for which this holds, ${DEFAULT_TTL_SECONDS} unless it is said`),
  })
  .partial()
  .catchall(noOtherField([...NAMES, 'ttl']))

const answer = z.object({
  ...durations,
  ttl: z
    .number()
    .nullable()
    .meta({ description: 'Until the initial settings hold again, in seconds. Null when they hold now' }),
})

/**
 * The test control of the adapter: its pace for a while, and a switch for the mock OFD where there is one. Commands of routes that are added to it
 * are noted and told, too.
 */
export const testControl = ({ kktChanged, pace, ofd, noteCommand }: WithNote) =>
  new Elysia({ name: 'test_control' })
    .onBeforeHandle(({ request, route }) => {
      if (request.method === 'POST') noteCommand('test_control', `POST ${route}`, request)
    })
    .onAfterHandle(({ request }) => {
      if (request.method === 'POST') kktChanged()
    })
    .use(ofd === null ? new Elysia() : ofdControl(ofd))
    .get('/v1/kkt/_test/settings', () => shown(pace), { response: { 200: answer } })
    .post(
      '/v1/kkt/_test/settings',
      ({ body: { ttl = DEFAULT_TTL_SECONDS, ...wanted } }) => {
        const asked = paceIn(wanted)
        const { printDelayMinMs, printDelayMaxMs } = { ...pace.now, ...asked }
        if (printDelayMinMs > printDelayMaxMs) throw adapterProblem.printsOutOfOrder(printDelayMaxMs)
        pace.ask(asked, ttl * 1000)
        return shown(pace)
      },
      {
        parse: jsonBody(MAX_SETTINGS_BYTES),
        body: change,
        response: { 200: answer, 400: problemDocument, 413: problemDocument, 422: problemDocument },
      },
    )

function paceIn(wanted: { [name in Name]?: number | undefined }): Partial<Pace> {
  const asked: Partial<Pace> = {}
  for (const name of NAMES) {
    const given = wanted[name]
    if (given !== undefined) asked[PACE_OF[name]] = Math.round(given * 1000)
  }
  return asked
}

function shown({ now, leftMs }: PaceKeeper): z.input<typeof answer> {
  const inSeconds = (name: Name) => now[PACE_OF[name]] / 1000
  return {
    sync_interval: inSeconds('sync_interval'),
    circuit_breaker_timeout: inSeconds('circuit_breaker_timeout'),
    odoo_heartbeat_interval: inSeconds('odoo_heartbeat_interval'),
    ofd_timeout: inSeconds('ofd_timeout'),
    kkt_print_delay_min: inSeconds('kkt_print_delay_min'),
    kkt_print_delay_max: inSeconds('kkt_print_delay_max'),
    kkt_print_timeout: inSeconds('kkt_print_timeout'),
    ttl: leftMs === 0 ? null : Math.ceil(leftMs) / 1000,
  }
}
