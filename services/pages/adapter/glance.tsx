import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { Badge, Facts, Meter, Panel, type Tone } from '../kit/ui.tsx'
import { isFull } from './alerts.ts'
import { useNow, usePage } from './page.ts'
import { partsOf } from './parts.ts'
import { adapterMs } from './state.ts'
import { inWords } from './trouble.tsx'
import type { BufferStatus } from './wire.ts'

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
  if (state === 'ABSENT') return <ByKktPanel status={status} />
  const inSeconds = next === null ? null : Math.ceil((Date.parse(next) - nowMs) / 1000)
  return (
    <Panel id="breaker" title={words.breaker.title}>
      <p>
        <Badge tone={BREAKER_TONE[state]}>{words.breaker.states[state]}</Badge>
      </p>
      <p>{words.breaker.failures(failure_count)}</p>
      {inSeconds !== null && <p>{inSeconds > 0 ? words.breaker.probeIn(inSeconds) : words.breaker.probeNow}</p>}
      <SyncNow status={status} labels={[words.breaker.sync, words.breaker.syncing]} />
    </Panel>
  )
}

/** Where the KKT delivers by itself, it can only be asked how far it has come. */
function ByKktPanel({ status }: { status: BufferStatus }) {
  const { words, live, format } = usePage()
  const nowMs = useNow()
  const { title, text, ask, asking, unsent, documents, since, left } = words.breaker.byKkt
  const kkt = live.health?.components.kkt
  return (
    <Panel id="breaker" title={title}>
      <p>
        <Badge tone={NETWORK_TONE[status.network_status]}>{words.flow.pending(status.pending)}</Badge>
      </p>
      <p>{text}</p>
      {kkt && kkt.unsent_count !== null && (
        <Facts
          facts={[
            [unsent, documents(kkt.unsent_count)],
            ...(kkt.unsent_since === null ? [] : [[since, format.time(kkt.unsent_since, nowMs)] as const]),
            ...(kkt.days_left === null ? [] : [[left, format.number(kkt.days_left)] as const]),
          ]}
        />
      )}
      <SyncNow status={status} labels={[ask, asking]} />
    </Panel>
  )
}

const NETWORK_TONE = { online: 'good', degraded: 'warn', offline: 'bad' } as const

type Synced = { synced: number; remaining: number }

type SyncNowProps = { status: BufferStatus; labels: readonly [idle: string, busy: string] }

function SyncNow({ status, labels }: SyncNowProps) {
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
          {mode === 'busy' ? labels[1] : labels[0]}
        </button>
      </p>
      <p role="status" class="calm">
        {said}
      </p>
    </>
  )
}

/** Each part of the adapter, and what it depends on. */
export function PartsPanel() {
  const { words, live } = usePage()
  const rows = partsOf(live, words)
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
}

const PartState = ({ tone, text }: { tone: Tone; text: string }) => (
  <span>
    <i class={`light ${tone}`} aria-hidden="true" /> {text}
  </span>
)
