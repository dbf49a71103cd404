import type { Tone } from '../kit/ui.tsx'
import { deliveredByKkt } from './alerts.ts'
import type { Live } from './state.ts'
import type { BufferStatus, Health } from './wire.ts'
import type { Words } from './words/en.ts'

export const HEALTH_TONE = { healthy: 'good', degraded: 'warn', unhealthy: 'bad', off: 'calm' } as const
const ACCESS_TONE = { open: 'calm', tokens: 'good', wrong: 'warn' } as const

type PartName = 'lease' | 'kkt' | 'odoo' | 'redis' | 'journal' | 'access' | 'tills'
type PartRow = { name: PartName; tone: Tone; text: string }
type Components = Health['components']

/** How each part of the adapter is, and what it depends on, as far as it is known. */
export const partsOf = ({ status, health }: Pick<Live, 'status' | 'health'>, words: Words): PartRow[] => [
  // Where the KKT delivers, the adapter sends nothing.
  ...(status && !deliveredByKkt({ status }) ? [leaseRow(status, words)] : []),
  ...(health ? healthRows(health, words) : []),
]

function leaseRow({ sender_lease: lease }: BufferStatus, words: Words): PartRow {
  const isOurs = lease.held_by === 'this_process' || lease.held_by === 'another_process'
  const hosts = lease.hosts === 'off' ? '' : `; ${words.hosts[lease.hosts]}`
  return { name: 'lease', tone: isOurs ? 'good' : 'warn', text: `${words.heldBy[lease.held_by]}${hosts}` }
}

function healthRows({ components }: Health, words: Words): PartRow[] {
  const { kkt, odoo, redis, database, access, tills } = components
  const isKktBad = kkt.kkt_number === null || kkt.trouble !== null
  return [
    { name: 'kkt', tone: isKktBad ? 'bad' : HEALTH_TONE[kkt.status], text: kktText(kkt, words) },
    { name: 'odoo', tone: HEALTH_TONE[odoo.status], text: words.parts.odoos[odoo.state] },
    { name: 'redis', tone: HEALTH_TONE[redis.status], text: redisText(redis, words) },
    { name: 'journal', tone: HEALTH_TONE[database.status], text: database.error ?? words.parts.journalOk },
    {
      name: 'access',
      tone: ACCESS_TONE[access.error === null ? access.mode : 'wrong'],
      text: accessText(access, words),
    },
    { name: 'tills', tone: HEALTH_TONE[tills.status], text: tillsText(tills, words) },
  ]
}

function accessText({ mode, tokens, error }: Components['access'], words: Words): string {
  const { open, tokens: counted } = words.parts.accesses
  return error ?? (mode === 'open' ? open : counted(tokens))
}

function kktText(kkt: Components['kkt'], words: Words): string {
  if (kkt.kkt_number === null) return words.parts.noAnswer
  if (kkt.trouble !== null) return words.troubles[kkt.trouble].text
  return words.parts.kktDetail(kkt.shift_number ?? 0, kkt.fn_number ?? '')
}

const redisText = ({ status, error }: Components['redis'], { parts }: Words): string =>
  status === 'off' ? parts.redisOff : (error ?? parts.redisOk)

const tillsText = ({ status, error }: Components['tills'], { parts }: Words): string =>
  status === 'off' ? parts.tillsOff : (error ?? parts.tillsOk)
