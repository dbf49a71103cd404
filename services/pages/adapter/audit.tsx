import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { type Column, Panel, Table } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { changeOf } from './changes.ts'
import { useNow, usePage } from './page.ts'
import { Trouble } from './trouble.tsx'
import { type AuditEvent, EVENT_KINDS, type EventKind, type Events } from './wire.ts'

const SHOWN = 10

/** The adapter's audit log, the newest first, page by page. */
export function AuditPanel() {
  const { words, live, clock } = usePage()
  const [kind, setKind] = useState<EventKind | ''>('')
  const [cursor, setCursor] = useState('')
  const query = new URLSearchParams({ limit: String(SHOWN) })
  if (kind !== '') query.set('kind', kind)
  if (cursor !== '') query.set('cursor', cursor)
  const path = `/v1/kkt/buffer/events?${query}`
  const { value, refused } = useRead(clock, path, () => ask<Events>(path), live.news)
  const rows = value?.events ?? []
  return (
    <Panel id="audit" title={words.audit.title}>
      <div class="filters">
        <label>
          {words.audit.kind}
          <select
            value={kind}
            onChange={({ currentTarget }) => {
              setKind(EVENT_KINDS.find((one) => one === currentTarget.value) ?? '')
              setCursor('')
            }}
          >
            <option value="">{words.audit.anyKind}</option>
            {EVENT_KINDS.map((one) => (
              <option key={one} value={one}>
                {words.kinds[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Trouble refused={refused} />
      {value !== null && rows.length === 0 && <p class="calm">{words.audit.none}</p>}
      {rows.length > 0 && <AuditTable rows={rows} />}
      <p class="pages">
        {cursor !== '' && (
          <button type="button" onClick={() => setCursor('')}>
            {words.receipts.newest}
          </button>
        )}
        {value?.next_cursor && (
          <button type="button" onClick={() => setCursor(value.next_cursor ?? '')}>
            {words.receipts.older}
          </button>
        )}
      </p>
    </Panel>
  )
}

function AuditTable({ rows }: { rows: readonly AuditEvent[] }) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const columns: readonly Column<AuditEvent>[] = [
    { title: words.receipts.time, cell: ({ at }) => format.time(at, nowMs), isBare: true, isWhole: true },
    { title: words.audit.kind, cell: ({ kind }) => words.kinds[kind], isBare: true },
    { title: words.audit.change, cell: (event) => changeOf(event, words), isBare: true },
    { title: words.audit.detail, cell: ({ detail }) => detail, isBare: true },
    {
      title: words.audit.about,
      cell: ({ receipt_id: id }) => (id === null ? null : <a href={`/receipts/${id}`}>{id.slice(-6)}</a>),
      isBare: true,
    },
  ]
  return <Table label={words.audit.title} columns={columns} rows={rows} keyOf={({ id }) => id} />
}
