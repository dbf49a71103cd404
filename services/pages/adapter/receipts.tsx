import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { Badge, type Column, Panel, Table, type Tone } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { useNow, usePage } from './page.ts'
import { Trouble } from './trouble.tsx'
import { type ReceiptEntry, type ReceiptPage, STATUSES, type Status } from './wire.ts'

const SHOWN = 10

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

/** The names of tills: see `pos_id` in the README. */
const NAME = /[^A-Za-z0-9._-]/g

/** The latest receipts, by status and till, page by page. */
export function ReceiptsPanel() {
  const { words, live, clock } = usePage()
  const [status, setStatus] = useState<Status | ''>('')
  const [till, setTill] = useState('')
  const [cursor, setCursor] = useState('')
  const query = new URLSearchParams({ limit: String(SHOWN) })
  if (status !== '') query.set('status', status)
  if (till !== '') query.set('pos_id', till)
  if (cursor !== '') query.set('cursor', cursor)
  const path = `/v1/kkt/receipts?${query}`
  const { value, refused } = useRead(clock, path, () => ask<ReceiptPage>(path), live.news)
  const rows = value?.receipts ?? []
  return (
    <Panel id="receipts" title={words.receipts.title}>
      <div class="filters">
        <label>
          {words.receipts.status}
          <select
            value={status}
            onChange={({ currentTarget }) => {
              setStatus(STATUSES.find((one) => one === currentTarget.value) ?? '')
              setCursor('')
            }}
          >
            <option value="">{words.receipts.any}</option>
            {STATUSES.map((one) => (
              <option key={one} value={one}>
                {words.statuses[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.receipts.till}
          <input
            value={till}
            maxLength={64}
            placeholder={words.receipts.allTills}
            onInput={({ currentTarget }) => {
              setTill(currentTarget.value.replaceAll(NAME, ''))
              setCursor('')
            }}
          />
        </label>
      </div>
      <Trouble refused={refused} />
      {value !== null && rows.length === 0 && (
        <p class="calm">{query.size > 1 ? words.receipts.none : words.receipts.noneYet}</p>
      )}
      {rows.length > 0 && <ReceiptTable rows={rows} />}
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
