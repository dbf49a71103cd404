import type { News, Transition } from '../wire_stream.ts'
import type { Seen } from './seen.ts'

export type Size = { columns: number; rows: number }
/** `nowMs`: by the wall clock. */
type View = { url: string; nowMs: number; size: Size }

type Status = NonNullable<Seen['status']>['body']
type Health = NonNullable<Seen['health']>

const BAR_WIDTH = 20
const LABEL_WIDTH = 14
/** Leaves room for the transitions, however many alerts there are. */
const ALERT_ROWS = 6
const UNKNOWN = '–'

/** The state of an adapter as a terminal shows it: not more lines than it has rows, and none wider than it is. */
export function screenOf(seen: Seen, { url, nowMs, size }: View): string[] {
  const above = [
    headOf(seen, url, nowMs),
    '',
    ...stateOf(seen, nowMs),
    '',
    ...alertLines(seen, size.columns),
    '',
    'Transitions',
  ]
  const room = Math.max(0, size.rows - above.length)
  const transitions = room === 0 ? [] : seen.transitions.slice(-room).map((one) => `  ${transitionText(one)}`)
  return [...above, ...transitions].slice(0, size.rows).map((line) => cut(line, size.columns))
}

/** The line of an event where the output is no terminal. */
export function lineOf(told: News): string {
  switch (told.event) {
    case 'status':
      return `status: ${countsOf(told.data)}; breaker ${told.data.circuit_breaker.state}`
    case 'health':
      return `health: ${componentsOf(told.data)}`
    case 'alert': {
      const { at, state, name, detail } = told.data
      // The detail says the fault, which is over at its end.
      return `${clockOf(at)}  alert ${state}: ${name}${state === 'raised' ? `. ${detail}` : ''}`
    }
    case 'reset':
      return `reset: ${told.data.detail}`
    default:
      return transitionText({ ...told.data, event: told.event })
  }
}

function headOf({ link, health }: Seen, url: string, nowMs: number): string {
  const how = link.kind === 'away' ? `NOT REACHED (${link.why}), trying again` : link.kind
  return `KKT adapter ${health?.version ?? ''}  ${url}  ${how}  ${clockOf(new Date(nowMs).toISOString())}`
}

function stateOf({ status, health }: Seen, nowMs: number): string[] {
  if (status === null) return ['Nothing is known yet.']
  const { body, atMs } = status
  const { sender_lease: lease, last_failure: failure, oldest_pending_age_seconds: age } = body
  const oldest = age === null ? UNKNOWN : `${Math.round(age + (nowMs - atMs) / 1000)} s`
  const delivered = body.last_sync_at === null ? UNKNOWN : clockOf(body.last_sync_at)
  const token = lease.fencing_token ?? UNKNOWN
  return [
    row('network', `${body.network_status}   health ${health?.status ?? UNKNOWN}`),
    row('buffer', `${bar(body.percent_full)} ${body.current_queued} of ${body.total_capacity}`),
    row('receipts', countsOf(body)),
    row('oldest', `${oldest}   last delivered ${delivered}`),
    row('breaker', breakerOf(body.circuit_breaker)),
    row('sender lease', `${lease.held_by}   token ${token}   hosts ${lease.hosts}`),
    row('KKT', kktOf(body, health)),
    row('around', health === null ? UNKNOWN : componentsOf(health)),
    row('last failure', failure === null ? 'none is open' : `${clockOf(failure.at)} ${failure.reason}`),
  ]
}

const row = (label: string, text: string) => `${label.padEnd(LABEL_WIDTH)}${text}`

function bar(percent: number): string {
  const full = Math.round((percent / 100) * BAR_WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${percent} %`
}

/** Those that a day without trouble has not are left out where they are 0. */
function countsOf({ unprinted, pending, synced, unknown, failed, refused, closed }: Status): string {
  const rare = { unknown, failed, refused, closed }
  const shown = Object.entries(rare).flatMap(([name, count]) => (count > 0 ? [`${name} ${count}`] : []))
  return [`unprinted ${unprinted}`, `pending ${pending}`, `synced ${synced}`, ...shown].join('  ')
}

function breakerOf({ state, failure_count, next_probe_at }: Status['circuit_breaker']): string {
  if (state === 'ABSENT') return 'none: the KKT delivers by itself'
  const probe = next_probe_at === null ? '' : `   next probe ${clockOf(next_probe_at)}`
  return `${state}   failures ${failure_count}${probe}`
}

function kktOf({ without_paper }: Status, health: Health | null): string {
  const kkt = health?.components.kkt
  if (kkt === undefined) return UNKNOWN
  if (kkt.kkt_number === null) return 'does not answer'
  const trouble = kkt.trouble ?? 'fit'
  return `${trouble}   ${kkt.kkt_number}   shift ${kkt.shift_number}   document ${kkt.last_fiscal_doc_number}   without paper ${without_paper}`
}

const componentsOf = ({ components: { database, redis, odoo } }: Health): string =>
  `journal ${database.status}   Redis ${redis.status}   Odoo ${odoo.state}`

/** Each with its action, in as many lines as that takes. */
function alertLines({ alerts }: Seen, columns: number): string[] {
  if (alerts.size === 0) return ['No alert.']
  const lines = [...alerts].flatMap(([name, detail]) => wrapped(`! ${name}: ${detail}`, columns))
  if (lines.length <= ALERT_ROWS) return lines
  return [...lines.slice(0, ALERT_ROWS - 1), `! … ${alerts.size} alerts in all: see GET /v1/kkt/stream`]
}

/** Lines of whole words, as far as words fit. Those behind the first are indented. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `  ${word}`)
  }
  return lines
}

function transitionText({ at, event, receipt_id, from, to, detail }: Transition): string {
  const way = from === null ? to : `${from} → ${to}`
  return `${clockOf(at)} ${receipt_id ?? event}  ${way}${detail === null ? '' : `  ${detail}`}`
}

/** The time of day, in UTC as everywhere in the adapter. */
const clockOf = (at: string) => at.slice(11, 19)

/** Control characters of a reason would move the cursor. */
function cut(line: string, columns: number): string {
  const plain = [...line.replace(/\p{Cc}/gu, ' ')]
  return plain.length > columns ? `${plain.slice(0, Math.max(0, columns - 1)).join('')}…` : plain.join('')
}
