import { useRead } from '../kit/use.ts'
import { useLive, useSurroundings } from './page.ts'

/** Frequent enough to look live, rare enough to cost a mock nothing under load. */
const READ_EVERY_MS = 250

/** Counters that others tell: heartbeats are never looked up, and submissions to the OFD are in its call count. */
const TOLD_BY_OTHERS: Readonly<Record<string, readonly string[]>> = {
  heartbeats: ['submits', 'lookups'],
  receipts: ['call_count'],
}

/** How many calls came, and what became of them. A mock that is away is told by the head of the page. */
export function CountersPanel() {
  const { facts, control, clock } = useSurroundings()
  const { value } = useRead(clock, 'counters', control.counters, useLive().news, READ_EVERY_MS)
  const shown = Object.entries(value ?? {}).filter(([name]) => !TOLD_BY_OTHERS[facts.counted]?.includes(name))
  return (
    <section id="counters" aria-label="Counters">
      <dl>
        {shown.map(([name, count]) => (
          <Counter key={name} name={name} value={count} />
        ))}
      </dl>
    </section>
  )
}

function Counter({ name, value }: { name: string; value: unknown }) {
  const isMany = typeof value === 'object' && value !== null
  const parts = isMany ? Object.entries(value) : []
  return (
    <div class={isMany ? 'many' : ''} hidden={isMany && parts.length === 0}>
      <dt>{name.replaceAll('_', ' ')}</dt>
      <dd>
        {isMany
          ? parts.map(([part, count]) => (
              <span key={part}>
                {part} {count}
              </span>
            ))
          : textOf(value)}
      </dd>
    </div>
  )
}

function textOf(value: unknown): string {
  if (value === null) return '–'
  const isTime = typeof value === 'string' && !Number.isNaN(Date.parse(value))
  return isTime ? new Date(value).toLocaleTimeString('en-GB') : String(value)
}
