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
  const [closing, setClosing] = useState<DeadLetter | null>(null)
  const [said, setSaid] = useState('')
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set())
  const path = `${PATH}?limit=${SHOWN}`
  const { value, refused } = useRead(clock, path, () => ask<DeadLetters>(path), live.news)

  const rows = value?.items ?? []

  /** Their buttons are off from now on: a second click would find them gone. They are on again if it is not done. */
  const settling = (letters: readonly DeadLetter[], work: () => Promise<string>) => {
    setSettled((before) => new Set([...before, ...letters.map(keyOf)]))
    const saying = work().catch((error: unknown) => {
      setSettled((before) => before.difference(new Set(letters.map(keyOf))))
      return inWords(error, words)
    })
    void saying.then((text) => {
      setSaid(text)
      page.changed()
    })
  }
  const requeue = (letter: DeadLetter) =>
    settling([letter], async () => {
      await ask(`${PATH}/${letter.receipt_id}/requeue`, { method: 'POST' })
      return words.dlq.requeued(1)
    })
  const requeueAll = () =>
    settling(rows, async () => {
      const { requeued } = await ask<{ requeued: number }>(`${PATH}/requeue`, { method: 'POST', body: {} })
      return words.dlq.requeued(requeued)
    })
  const close = (letter: DeadLetter, reason: string) =>
    settling([letter], async () => {
      await ask(`${PATH}/${letter.receipt_id}/close`, { method: 'POST', body: { reason } })
      return words.dlq.closed
    })

  const isSettled = (letter: DeadLetter) => settled.has(keyOf(letter))
  return (
    <Panel id="dlq" title={words.dlq.title}>
      <Trouble refused={refused} />
      <p role="status">{said}</p>
      {value !== null && rows.length === 0 && <p class="calm">{words.dlq.none}</p>}
      {rows.length > 0 && <DlqTable rows={rows} isSettled={isSettled} onRequeue={requeue} onClose={setClosing} />}
      {value !== null && value.total > rows.length && <p class="calm">{words.dlq.more(value.total)}</p>}
      {rows.length > 1 && (
        <p>
          <button type="button" disabled={rows.every(isSettled)} onClick={requeueAll}>
            {words.dlq.requeueAll}
          </button>
        </p>
      )}
      {closing !== null && <CloseDialog onDone={() => setClosing(null)} onClose={(reason) => close(closing, reason)} />}
    </Panel>
  )
}

/** One that comes back after a requeue is another one. */
const keyOf = ({ receipt_id: id, failed_at: at }: DeadLetter): string => `${id} ${at}`

type DlqTableProps = {
  rows: readonly DeadLetter[]
  isSettled: (letter: DeadLetter) => boolean
  onRequeue: (letter: DeadLetter) => void
  onClose: (letter: DeadLetter) => void
}

function DlqTable({ rows, isSettled, onRequeue, onClose }: DlqTableProps) {
  const { words, format } = usePage()
  const nowMs = useNow()
  const columns: readonly Column<DeadLetter>[] = [
    {
      title: words.dlq.failedAt,
      isBare: true,
      isWhole: true,
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
      cell: (letter) => (
        <span class="actions">
          <button
            type="button"
            disabled={isSettled(letter)}
            onClick={() => onRequeue(letter)}
            aria-label={`${words.dlq.requeue} ${letter.fiscal_doc_number}`}
          >
            {words.dlq.requeue}
          </button>
          <button
            type="button"
            disabled={isSettled(letter)}
            onClick={() => onClose(letter)}
            aria-label={`${words.dlq.close} ${letter.fiscal_doc_number}`}
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
