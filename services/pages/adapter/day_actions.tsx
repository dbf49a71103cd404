import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { Panel } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { usePage } from './page.ts'
import { SendingOutcome } from './sending_outcome.tsx'
import { useSending } from './use_sending.ts'
import type { ShiftNow, Task, TaskAnswer } from './wire_kkt.ts'

/** As long as the adapter takes it. */
const MOST_REASON_CHARACTERS = 256

/** The shift's opening and closing, the X report, and cash. One is under way at a time. */
export function DayActions({ shift }: { shift: ShiftNow | null }) {
  const { words } = usePage()
  const said = words.day
  const { sending, begin, resume } = useSending<TaskAnswer>('task of the day')
  const isLocked = sending.kind === 'under_way' || sending.kind === 'unclear'
  const isClosed = shift?.state === 'closed'
  return (
    <Panel id="actions" title={said.actions}>
      <fieldset class="lines" disabled={isLocked || shift === null}>
        <p class="actions">
          {isClosed && (
            <button type="button" class="main" onClick={() => void begin('/v1/kkt/shift/open', {})}>
              {said.open}
            </button>
          )}
          <button type="button" onClick={() => void begin('/v1/kkt/x_report', {})}>
            {said.xReport}
          </button>
          {!isClosed && (
            <button
              type="button"
              class="grave"
              onClick={() => {
                if (confirm(said.askClose)) void begin('/v1/kkt/shift/close', {})
              }}
            >
              {said.close}
            </button>
          )}
        </p>
        <CashForm onCash={(to, body) => void begin(`/v1/kkt/cash/${to}`, body)} />
      </fieldset>
      <SendingOutcome sending={sending} onAgain={() => void resume()} done={(answer) => <Answered answer={answer} />} />
    </Panel>
  )
}

type CashBody = { amount: number; reason?: string }

function CashForm({ onCash }: { onCash: (to: 'in' | 'out', body: CashBody) => void }) {
  const { words, format } = usePage()
  const said = words.day
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const to = event.submitter?.getAttribute('value') === 'out' ? 'out' : 'in'
    const sum = Number(amount.replace(',', '.'))
    const words = reason.trim()
    if (!confirm(said.askCash[to](format.roubles(sum)))) return
    onCash(to, words === '' ? { amount: sum } : { amount: sum, reason: words })
    setAmount('')
    setReason('')
  }
  return (
    <form class="filters" aria-label={said.cash} onSubmit={submit}>
      <label>
        {said.amount}
        <input
          required
          inputMode="decimal"
          pattern="(?=.*[1-9])\d{1,8}([.,]\d{1,2})?"
          value={amount}
          onInput={({ currentTarget }) => setAmount(currentTarget.value)}
        />
      </label>
      <label>
        {said.reason}
        <input
          maxLength={MOST_REASON_CHARACTERS}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <button type="submit" value="in">
        {said.cashIn}
      </button>
      <button type="submit" value="out">
        {said.cashOut}
      </button>
    </form>
  )
}

/** The answer to a task, and its end where it had none yet. */
function Answered({ answer: { task_id: id, status: then, message, warnings = [] } }: { answer: TaskAnswer }) {
  const { words, live, clock } = usePage()
  const path = `/v1/kkt/task/${id}`
  const { value: task } = useRead(clock, path, () => ask<Task>(path), live.news)
  const now = task?.status ?? then
  return (
    <>
      <p>
        {task === null || now === then ? message : `${words.day.kinds[task.kind]}: ${words.day.statuses[now]}.`}{' '}
        {now === 'done' && (
          <a href={`${path}/slip?format=html`} target="_blank" rel="noreferrer">
            {words.day.slip}
          </a>
        )}
      </p>
      {now === 'refused' && <p class="why">{task?.last_error}</p>}
      {warnings.map((warning) => (
        <p key={warning.code} class="why">
          {warning.message}
        </p>
      ))}
    </>
  )
}
