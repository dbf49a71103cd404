import { ask } from '../kit/ask.ts'
import { Panel } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { changeOf } from './changes.ts'
import { useNow, usePage } from './page.ts'
import { Trouble } from './trouble.tsx'
import type { AuditEvent, Events } from './wire.ts'

/** More than almost any receipt has. */
const SHOWN = 100

/** Every transition of a receipt in their order, each attempt with its outcome. */
export function Timeline({ id }: { id: string }) {
  const { words, live, clock } = usePage()
  const nowMs = useNow()
  const path = `/v1/kkt/buffer/events?receipt_id=${id}&limit=${SHOWN}`
  const { value, refused } = useRead(clock, path, () => ask<Events>(path), live.news)
  const events = value?.events.toReversed() ?? []
  return (
    <Panel id="timeline" title={words.receipt.timeline}>
      <Trouble refused={refused} />
      <ol class="timeline">
        {events.map((event, i) => (
          <Step key={event.id} event={event} before={events[i - 1]} nowMs={nowMs} />
        ))}
      </ol>
    </Panel>
  )
}

type StepProps = { event: AuditEvent; before: AuditEvent | undefined; nowMs: number }

function Step({ event, before, nowMs }: StepProps) {
  const { words, format } = usePage()
  const seconds = before ? (Date.parse(event.at) - Date.parse(before.at)) / 1000 : 0
  return (
    <li>
      <time dateTime={event.at}>{format.time(event.at, nowMs)}</time>
      <span>
        {event.from === null ? words.receipt.begins : changeOf(event, words)}
        {event.detail && <em>{event.detail}</em>}
        {event.by && (
          <em>
            {words.audit.by}: {event.by}
          </em>
        )}
      </span>
      <span class="calm">{seconds > 0 && words.receipt.after(seconds)}</span>
    </li>
  )
}
