import { useMedia } from '../kit/use.ts'
import { deliveredByKkt, gravityOf } from './alerts.ts'
import { useNow, usePage } from './page.ts'
import { type Live, waitingForKkt } from './state.ts'
import type { Breaker, BufferStatus } from './wire.ts'
import type { Words } from './words/en.ts'

/** An arrow shows movement for this long after a receipt has passed. */
const MOVES_FOR_MS = 3000

type Box = { x: number; y: number; width: number; height: number }
type StationName = 'till' | 'journal' | 'kkt' | 'buffer' | 'ofd' | 'dlq'
type Layout = {
  size: [number, number]
  boxes: Record<StationName, Box>
  arrows: { sell: string; print: string; keep: string; send: [string, string]; refuse: string }
  breaker: { x: number; y: number; turned: boolean }
}

const WIDE: Layout = {
  size: [1080, 176],
  boxes: {
    till: { x: 4, y: 14, width: 110, height: 90 },
    journal: { x: 184, y: 14, width: 150, height: 90 },
    kkt: { x: 404, y: 14, width: 150, height: 90 },
    buffer: { x: 624, y: 4, width: 150, height: 110 },
    ofd: { x: 946, y: 14, width: 130, height: 90 },
    dlq: { x: 624, y: 132, width: 150, height: 40 },
  },
  arrows: {
    sell: 'M118 59H178',
    print: 'M338 59H398',
    keep: 'M558 59H618',
    send: ['M778 59H845', 'M871 59H940'],
    refuse: 'M1011 108V152H780',
  },
  breaker: { x: 858, y: 59, turned: false },
}

const TALL: Layout = {
  size: [360, 590],
  boxes: {
    till: { x: 8, y: 4, width: 160, height: 70 },
    journal: { x: 8, y: 116, width: 160, height: 80 },
    kkt: { x: 8, y: 238, width: 160, height: 80 },
    buffer: { x: 8, y: 360, width: 160, height: 100 },
    ofd: { x: 8, y: 516, width: 160, height: 70 },
    dlq: { x: 208, y: 526, width: 148, height: 50 },
  },
  arrows: {
    sell: 'M88 78V110',
    print: 'M88 200V232',
    keep: 'M88 322V354',
    send: ['M88 464V476', 'M88 502V510'],
    refuse: 'M172 551H202',
  },
  breaker: { x: 88, y: 489, turned: true },
}

/** The way of a receipt as a picture with live counts. */
export function Flow() {
  const { words, live } = usePage()
  const isNarrow = useMedia('(max-width: 44rem)')
  const nowMs = useNow()
  const { status } = live
  if (status === null) return <p class="calm">{words.loading}</p>
  const layout = isNarrow ? TALL : WIDE
  const [width, height] = layout.size
  return (
    <svg class="flow" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={spoken(status, words)}>
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="tip" d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      <Arrows layout={layout} live={live} status={status} nowMs={nowMs} />
      <Stations layout={layout} live={live} status={status} words={words} />
      <BreakerSwitch at={layout.breaker} breaker={status.circuit_breaker} words={words} />
    </svg>
  )
}

/** Where the KKT delivers, there may be some of the time before. */
const hasDeadLetters = (status: BufferStatus): boolean => !deliveredByKkt({ status }) || status.dlq_size > 0

function spoken(status: BufferStatus, { flow }: Words): string {
  return [
    flow.accepted(waitingForKkt(status)),
    flow.printing(status.printing),
    flow.unknown(status.unknown),
    flow.pending(status.pending - status.syncing),
    ...(deliveredByKkt({ status }) ? [] : [flow.syncing(status.syncing)]),
    flow.synced(status.synced),
    ...(hasDeadLetters(status) ? [`${flow.dlq}: ${status.dlq_size}`] : []),
  ].join(', ')
}

type ArrowsProps = { layout: Layout; live: Live; status: BufferStatus; nowMs: number }

function Arrows({ layout: { arrows }, live: { moved }, status, nowMs }: ArrowsProps) {
  const isComing = nowMs - moved.acceptedAtMs < MOVES_FOR_MS || status.unprinted > 0
  const isGoing = nowMs - moved.syncedAtMs < MOVES_FOR_MS || status.syncing > 0
  const isCut = status.circuit_breaker.state === 'OPEN'
  const send = isCut ? 'cut' : isGoing ? 'moving' : ''
  const arrow = (path: string, mode: string, hasTip = true) => (
    <path class={`arrow ${mode}`} d={path} {...(hasTip && { 'marker-end': 'url(#tip)' })} />
  )
  return (
    <g>
      {arrow(arrows.sell, isComing ? 'moving' : '')}
      {arrow(arrows.print, isComing ? 'moving' : '')}
      {arrow(arrows.keep, isComing ? 'moving' : '')}
      {arrow(arrows.send[0], send, false)}
      {arrow(arrows.send[1], send)}
      {hasDeadLetters(status) && arrow(arrows.refuse, status.dlq_size > 0 ? 'cut' : 'faint')}
    </g>
  )
}

type StationsProps = { layout: Layout; live: Live; status: BufferStatus; words: Words }

function Stations({ layout: { boxes }, live: { raised }, status, words: { flow } }: StationsProps) {
  const share = Math.min(1, status.current_queued / status.total_capacity)
  const isOff =
    status.circuit_breaker.state === 'OPEN' || (deliveredByKkt({ status }) && status.network_status === 'offline')
  const filling = 'buffer_filling' in raised ? gravityOf('buffer_filling', status) : ''
  const isStuck = 'kkt_silent' in raised || 'kkt_trouble' in raised
  const hasDoubts = status.unknown > 0 || status.without_paper > 0
  return (
    <g>
      <Station box={boxes.till} title={flow.till} lines={[]} />
      <Station box={boxes.journal} title={flow.journal} lines={[flow.accepted(waitingForKkt(status))]} />
      <Station
        box={boxes.kkt}
        title={flow.kkt}
        lines={[flow.printing(status.printing), flow.unknown(status.unknown)]}
        tone={isStuck ? 'bad' : hasDoubts ? 'warn' : ''}
      />
      <Station
        box={boxes.buffer}
        title={deliveredByKkt({ status }) ? flow.inFn : flow.buffer}
        lines={[
          flow.pending(status.pending - status.syncing),
          ...(deliveredByKkt({ status }) ? [] : [flow.syncing(status.syncing)]),
        ]}
        fill={share}
        tone={filling}
      />
      <Station box={boxes.ofd} title={flow.ofd} lines={[flow.synced(status.synced)]} tone={isOff ? 'bad' : ''} />
      {hasDeadLetters(status) && (
        <Station
          box={boxes.dlq}
          title={`${flow.dlq}: ${status.dlq_size}`}
          lines={[]}
          tone={status.dlq_size > 0 ? 'bad' : ''}
        />
      )}
    </g>
  )
}

type StationProps = { box: Box; title: string; lines: readonly string[]; tone?: string; fill?: number }

const LINE_HEIGHT = 22

function Station({ box: { x, y, width, height }, title, lines, tone = '', fill = 0 }: StationProps) {
  const middle = x + width / 2
  const first = y + height / 2 - (lines.length * LINE_HEIGHT) / 2 + 6
  return (
    <g class={`node ${tone}`}>
      <rect class="case" x={x} y={y} width={width} height={height} rx="10" />
      <rect class="filling" x={x} y={y + height * (1 - fill)} width={width} height={height * fill} rx="10" />
      <text class="name" x={middle} y={first}>
        {title}
      </text>
      {lines.map((line, i) => (
        <text key={line} x={middle} y={first + (i + 1) * LINE_HEIGHT}>
          {line}
        </text>
      ))}
    </g>
  )
}

type SwitchProps = { at: Layout['breaker']; breaker: Breaker; words: Words }

function BreakerSwitch({ at: { x, y, turned }, breaker: { state }, words }: SwitchProps) {
  const place = `translate(${x} ${y}) rotate(${turned ? 90 : 0})`
  if (state === 'ABSENT') return <path class="arrow" d="M-13 0H13" transform={place} />
  const lever = state === 'CLOSED' ? 0 : state === 'OPEN' ? -38 : -15
  return (
    <g class={`switch ${state.toLowerCase()}`}>
      <g transform={place}>
        <circle cx="-13" r="4" />
        <circle cx="13" r="4" />
        <path d="M-13 0H13" transform={`rotate(${lever} -13 0)`} />
      </g>
      <text x={turned ? x + 24 : x} y={turned ? y + 5 : y - 32} class={turned ? 'beside' : ''}>
        {words.flow.breaker[state]}
      </text>
    </g>
  )
}
