import { type Column, Panel, Table } from '../kit/ui.tsx'
import { changeOf } from './changes.ts'
import { useNow, usePage } from './page.ts'
import { Choice, PageButtons, usePaged } from './paged.tsx'
import { Trouble } from './trouble.tsx'
import { type AuditEvent, EVENT_KINDS, type EventKind, type Events } from './wire.ts'

type Filters = { kind: EventKind | '' }

/** The adapter's audit log, the newest first, page by page. */
export function AuditPanel() {
  const { words } = usePage()
  const { value, refused, filters, filter, paged } = usePaged<Events, Filters>('/v1/kkt/buffer/events', { kind: '' })
  const rows = value?.events ?? []
  return (
    <Panel id="audit" title={words.audit.title}>
      <div class="filters">
        <Choice
          label={words.audit.kind}
          anyText={words.audit.anyKind}
          all={EVENT_KINDS}
          texts={words.kinds}
          value={filters.kind}
          onChoice={(kind) => filter({ kind })}
        />
      </div>
      <Trouble refused={refused} />
      {value !== null && rows.length === 0 && <p class="calm">{words.audit.none}</p>}
      {rows.length > 0 && <AuditTable rows={rows} />}
      <PageButtons paged={paged} />
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
    { title: words.audit.by, cell: ({ by }) => by },
    {
      title: words.audit.about,
      cell: ({ receipt_id: id }) => (id === null ? null : <a href={`/receipts/${id}`}>{id.slice(-6)}</a>),
      isBare: true,
    },
  ]
  return <Table label={words.audit.title} columns={columns} rows={rows} keyOf={({ id }) => id} />
}
