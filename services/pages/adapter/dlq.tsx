import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { type Column, Dialog, Panel, Table } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { useNow, usePage } from './page.ts'
import { inWords, Trouble } from './trouble.tsx'
import type { DeadLetter, DeadLetters } from './wire.ts'

const PATH = '/v1/kkt/buffer/dlq'
const SHOWN = 20
/** As long as the adapter takes it. */
const MOST_REASON_CHARACTERS = 256

/** The dead letters: each with its reason, to requeue or to close. */
export function DlqPanel() {
  const page = usePage()
  const { words, live, clock } = page
  const [closing, setClosing] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const path = `${PATH}?limit=${SHOWN}`
  const { value, refused } = useRead(clock, path, () => ask<DeadLetters>(path), live.news)

  const telling = (work: () => Promise<string>) => {
    const saying = work().catch((error: unknown) => inWords(error, words))
    void saying.then((text) => {
      setSaid(text)
      page.changed()
    })
  }
  const requeue = (id: string) =>
    telling(async () => {
      await ask(`${PATH}/${id}/requeue`, { method: 'POST' })
      return words.dlq.requeued(1)
    })
  const requeueAll = () =>
    telling(async () => {
      const { requeued } = await ask<{ requeued: number }>(`${PATH}/requeue`, { method: 'POST', body: {} })
      return words.dlq.requeued(requeued)
    })
  const close = (id: string, reason: string) =>
    telling(async () => {
      await ask(`${PATH}/${id}/close`, { method: 'POST', body: { reason } })
      return words.dlq.closed
    })

  const rows = value?.items ?? []
  return (
    <Panel id="dlq" title={words.dlq.title}>
      <Trouble refused={refused} />
      <p role="status">{said}</p>
      {value !== null && rows.length === 0 && <p class="calm">{words.dlq.none}</p>}
      {rows.length > 0 && <DlqTable rows={rows} onRequeue={requeue} onClose={setClosing} />}
      {value !== null && value.total > rows.length && <p class="calm">{words.dlq.more(value.total)}</p>}
      {rows.length > 1 && (
        <p>
          <button type="button" onClick={requeueAll}>
            {words.dlq.requeueAll}
          </button>
        </p>
      )}
      {closing !== null && <CloseDialog onDone={() => setClosing(null)} onClose={(reason) => close(closing, reason)} />}
    </Panel>
  )
}

type DlqTableProps = {
  rows: readonly DeadLetter[]
  onRequeue: (id: string) => void
  onClose: (id: string) => void
}

function DlqTable({ rows, onRequeue, onClose }: DlqTableProps) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const columns: readonly Column<DeadLetter>[] = [
    {
      title: words.dlq.failedAt,
      isBare: true,
      cell: ({ receipt_id: id, failed_at: at }) => <a href={`/receipts/${id}`}>{format.time(at, nowMs)}</a>,
    },
    { title: words.receipts.till, isBare: true, cell: ({ pos_id }) => pos_id },
    { title: words.receipts.document, isNumber: true, cell: (letter) => letter.fiscal_doc_number },
    { title: words.receipts.total, isNumber: true, cell: ({ total }) => format.roubles(total) },
    {
      title: words.dlq.reason,
      isBare: true,
      cell: ({ reason, last_error }) => (
        <>
          <strong>{words.reasons[reason]}</strong>: {last_error}
        </>
      ),
    },
    {
      title: words.dlq.do,
      isBare: true,
      cell: ({ receipt_id: id, fiscal_doc_number: fd }) => (
        <span class="actions">
          <button type="button" onClick={() => onRequeue(id)} aria-label={`${words.dlq.requeue} ${fd}`}>
            {words.dlq.requeue}
          </button>
          <button
            type="button"
            onClick={() => onClose(id)}
            aria-label={`${words.dlq.close} ${fd}`}
            aria-haspopup="dialog"
          >
            {words.dlq.close}
          </button>
        </span>
      ),
    },
  ]
  return <Table label={words.dlq.title} columns={columns} rows={rows} keyOf={({ receipt_id }) => receipt_id} />
}

function CloseDialog({ onClose, onDone }: { onClose: (reason: string) => void; onDone: () => void }) {
  const { words } = usePage()
  const [reason, setReason] = useState('')
  const submit = (event: Event) => {
    event.preventDefault()
    onClose(reason.trim())
    onDone()
  }
  return (
    <Dialog title={words.dlq.closeTitle} onClose={onDone}>
      <form onSubmit={submit}>
        <p>{words.dlq.closeText}</p>
        <label class="field">
          {words.dlq.closeReason}
          <input
            required
            pattern=".*\S.*"
            maxLength={MOST_REASON_CHARACTERS}
            placeholder={words.dlq.closeExample}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        <p class="actions">
          <button type="submit" class="grave">
            {words.dlq.close}
          </button>
          <button type="button" onClick={onDone}>
            {words.dlq.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  )
}
