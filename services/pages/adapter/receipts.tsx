import { useState } from 'preact/hooks'
import { Badge, type Column, Panel, Table, type Tone } from '../kit/ui.tsx'
import { addressWith, filtersIn } from './address.ts'
import { LookUpForm } from './look_up_form.tsx'
import { useNow, usePage } from './page.ts'
import { Choice, PageButtons, usePaged } from './paged.tsx'
import { operationOf } from './sold.ts'
import { Trouble } from './trouble.tsx'
import { type ReceiptEntry, type ReceiptPage, STATUSES, type Status } from './wire.ts'

export const STATUS_TONE: Readonly<Record<Status, Tone>> = {
  accepted: 'calm',
  printing: 'calm',
  unknown: 'warn',
  refused: 'bad',
  pending: 'warn',
  syncing: 'calm',
  synced: 'good',
  failed: 'bad',
  closed: 'calm',
}

/** Characters that no till's name has: see `pos_id` in the README. */
const UNNAMED = /[^A-Za-z0-9._-]/g

const NO_FILTERS = { status: '', pos_id: '', fd: '', fpd: '', total: '', date: '', contact: '' }

const statusIn = (text: string): Status | '' => STATUSES.find((status) => status === text) ?? ''

const keepInAddress = (filters: typeof NO_FILTERS) => history.replaceState(null, '', addressWith(location, filters))

/** The latest receipts, by status, till and what a customer knows, page by page. The page's address has the filters. */
export function ReceiptsPanel() {
  const { words } = usePage()
  const [first] = useState(() => filtersIn(location.search, NO_FILTERS))
  const { value, refused, filters, filter, isWhole, paged } = usePaged<ReceiptPage, typeof NO_FILTERS>(
    '/v1/kkt/receipts',
    first,
    keepInAddress,
  )
  const rows = value?.receipts ?? []
  return (
    <Panel id="receipts" title={words.receipts.title}>
      <div class="filters">
        <Choice
          label={words.receipts.status}
          anyText={words.receipts.any}
          all={STATUSES}
          texts={words.statuses}
          value={statusIn(filters.status)}
          onChoice={(status) => filter({ status })}
        />
        <label>
          {words.receipts.till}
          <input
            value={filters.pos_id}
            maxLength={64}
            placeholder={words.receipts.allTills}
            onInput={({ currentTarget }) => filter({ pos_id: currentTarget.value.replaceAll(UNNAMED, '') })}
          />
        </label>
      </div>
      <LookUpForm wanted={filters} onSearch={filter} />
      <Trouble refused={refused} />
      {value !== null && rows.length === 0 && (
        <p class="calm">{isWhole ? words.receipts.noneYet : words.receipts.none}</p>
      )}
      {rows.length > 0 && <ReceiptTable rows={rows} />}
      <PageButtons paged={paged} />
    </Panel>
  )
}

function ReceiptTable({ rows }: { rows: readonly ReceiptEntry[] }) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const { receipts } = words
  const columns: readonly Column<ReceiptEntry>[] = [
    {
      title: receipts.time,
      isBare: true,
      isWhole: true,
      cell: ({ receipt_id: id, created_at: at }) => <a href={`/receipts/${id}`}>{format.time(at, nowMs)}</a>,
    },
    { title: receipts.till, isBare: true, cell: ({ pos_id }) => pos_id },
    {
      title: receipts.status,
      isBare: true,
      cell: ({ status }) => <Badge tone={STATUS_TONE[status]}>{words.statuses[status]}</Badge>,
    },
    { title: receipts.type, cell: (receipt) => operationOf(receipt, words) },
    { title: receipts.document, isNumber: true, cell: ({ fiscal_doc }) => fiscal_doc?.fiscal_doc_number ?? null },
    {
      title: receipts.total,
      isNumber: true,
      cell: ({ fiscal_doc }) => (fiscal_doc ? format.roubles(fiscal_doc.total) : null),
    },
    { title: receipts.attempts, isNumber: true, cell: ({ retry_count }) => retry_count || null },
    { title: receipts.lastError, cell: ({ last_error }) => last_error, isBare: true },
  ]
  return <Table label={receipts.title} columns={columns} rows={rows} keyOf={({ receipt_id }) => receipt_id} />
}
