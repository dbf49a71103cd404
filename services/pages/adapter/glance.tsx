import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { Badge, Facts, Meter, Panel, type Tone } from '../kit/ui.tsx'
import { isFull } from './alerts.ts'
import { HEALTH_TONE } from './frame.tsx'
import { useNow, usePage } from './page.ts'
import { adapterMs } from './state.ts'
import { inWords } from './trouble.tsx'
import type { BufferStatus, Health } from './wire.ts'

/** How full the buffer is, and what waits in it. */
export function BufferPanel() {
  const { words, live, facts, format } = usePage()
  const nowMs = useNow()
  const { status } = live
  if (status === null) return null
  const share = status.current_queued / status.total_capacity
  const tone = isFull(status) ? 'bad' : share >= facts.alertThreshold ? 'warn' : 'good'
  const text = words.buffer.full(status.current_queued, status.total_capacity)
  const age = status.oldest_pending_age_seconds
  const failure = status.last_failure
  return (
    <Panel id="buffer" title={words.buffer.title}>
      <p class="figure">{format.percent(status.percent_full)}</p>
      <Meter label={words.buffer.title} text={text} share={share} mark={facts.alertThreshold} tone={tone} />
      <p>{text}</p>
      <p class="calm">{words.buffer.marks(facts.alertThreshold)}</p>
      <Facts
        facts={[
          [words.buffer.oldest, age === null ? words.buffer.nothing : format.duration(age)],
          [words.buffer.lastSync, status.last_sync_at ? format.time(status.last_sync_at, nowMs) : words.buffer.never],
          ...(failure
            ? ([
                [
                  words.buffer.lastFailure,
                  <span key="failure">
                    <a href={`/receipts/${failure.receipt_id}`}>{format.time(failure.at, nowMs)}</a> {failure.reason}
                  </span>,
                ],
              ] as const)
            : []),
        ]}
      />
    </Panel>
  )
}

const BREAKER_TONE = { CLOSED: 'good', OPEN: 'bad', HALF_OPEN: 'warn' } as const

/** Whether receipts go to the OFD, and when it is tried next. */
export function BreakerPanel() {
  const { words, live } = usePage()
  const nowMs = adapterMs(live, useNow())
  const { status } = live
  if (status === null) return null
  const { state, failure_count, next_probe_at: next } = status.circuit_breaker
  const inSeconds = next === null ? null : Math.ceil((Date.parse(next) - nowMs) / 1000)
  return (
    <Panel id="breaker" title={words.breaker.title}>
      <p>
        <Badge tone={BREAKER_TONE[state]}>{words.breaker.states[state]}</Badge>
      </p>
      <p>{words.breaker.failures(failure_count)}</p>
      {inSeconds !== null && <p>{inSeconds > 0 ? words.breaker.probeIn(inSeconds) : words.breaker.probeNow}</p>}
      <SyncNow status={status} />
    </Panel>
  )
}

type Synced = { synced: number; remaining: number }

function SyncNow({ status }: { status: BufferStatus }) {
  const { words, changed } = usePage()
  const [mode, setMode] = useState<'idle' | 'busy'>('idle')
  const [said, setSaid] = useState('')
  const sync = async () => {
    setMode('busy')
    try {
      const { synced, remaining } = await ask<Synced>('/v1/kkt/buffer/sync', { method: 'POST' })
      setSaid(words.breaker.synced(synced, remaining))
    } catch (error) {
      setSaid(inWords(error, words))
    }
    setMode('idle')
    changed()
  }
  return (
    <>
      <p>
        <button type="button" disabled={mode === 'busy' || status.pending === 0} onClick={() => void sync()}>
          {mode === 'busy' ? words.breaker.syncing : words.breaker.sync}
        </button>
      </p>
      <p role="status" class="calm">
        {said}
      </p>
    </>
  )
}

const ACCESS_TONE = { open: 'calm', tokens: 'good', wrong: 'warn' } as const

/** Each part of the adapter, and what it depends on. */
export function PartsPanel() {
  const { words, live } = usePage()
  const { status, health } = live
  const rows = [...(status ? [leaseRow(status)] : []), ...(health ? healthRows(health) : [])]
  return (
    <Panel id="parts" title={words.parts.title}>
      {rows.length === 0 && <p class="calm">{words.loading}</p>}
      <Facts
        facts={rows.map(({ name, tone, text }) => [
          words.parts[name],
          <PartState key={name} tone={tone} text={text} />,
        ])}
      />
    </Panel>
  )

  function leaseRow({ sender_lease: lease }: BufferStatus): PartRow {
    const isOurs = lease.held_by === 'this_process' || lease.held_by === 'another_process'
    const hosts = lease.hosts === 'off' ? '' : `; ${words.hosts[lease.hosts]}`
    return { name: 'lease', tone: isOurs ? 'good' : 'warn', text: `${words.heldBy[lease.held_by]}${hosts}` }
  }

  function healthRows({ components: { kkt, odoo, redis, database, access } }: Health): PartRow[] {
    return [
      {
        name: 'kkt',
        tone: kkt.kkt_number === null || kkt.trouble !== null ? 'bad' : HEALTH_TONE[kkt.status],
        text: kktText(kkt),
      },
      { name: 'odoo', tone: HEALTH_TONE[odoo.status], text: words.parts.odoos[odoo.state] },
      { name: 'redis', tone: HEALTH_TONE[redis.status], text: redisText(redis) },
      { name: 'journal', tone: HEALTH_TONE[database.status], text: database.error ?? words.parts.journalOk },
      { name: 'access', tone: ACCESS_TONE[access.error === null ? access.mode : 'wrong'], text: accessText(access) },
    ]
  }

  function accessText({ mode, tokens, error }: Health['components']['access']): string {
    const { open, tokens: counted } = words.parts.accesses
    return error ?? (mode === 'open' ? open : counted(tokens))
  }

  function kktText(kkt: Health['components']['kkt']): string {
    if (kkt.kkt_number === null) return words.parts.noAnswer
    if (kkt.trouble !== null) return words.troubles[kkt.trouble].text
    return words.parts.kktDetail(kkt.shift_number ?? 0, kkt.fn_number ?? '')
  }

  function redisText(redis: Health['components']['redis']): string {
    return redis.status === 'off' ? words.parts.redisOff : (redis.error ?? words.parts.redisOk)
  }
}

type PartRow = { name: 'lease' | 'kkt' | 'odoo' | 'redis' | 'journal' | 'access'; tone: Tone; text: string }

const PartState = ({ tone, text }: { tone: Tone; text: string }) => (
  <span>
    <i class={`light ${tone}`} aria-hidden="true" /> {text}
  </span>
)
