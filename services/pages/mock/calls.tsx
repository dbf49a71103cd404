import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { CallDetails } from './call_details.tsx'
import { useLive, useSurroundings } from './page.ts'
import type { Call } from './wire.ts'

const LONG_ID = 20
const ID_END = 12
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** The columns of the list, in order. Some belong to one mock only. */
const COLUMNS = {
  time: 'time',
  operation: 'call',
  pos: 'POS',
  kkt: 'KKT',
  id: 'receipt',
  attempt: 'attempt',
  fault: 'fault',
  effect: 'effect',
  answer: 'answer',
} as const

/** The columns of a mock that does tasks. It knows neither tills nor several KKTs. */
const TASK_COLUMNS = { ...COLUMNS, pos: 'task', kkt: 'status', id: 'uuid' }

const useColumns = () => (useSurroundings().facts.service === 'KKT' ? TASK_COLUMNS : COLUMNS)

/** The calls that came, live, the newest first. */
export function CallsPanel() {
  const { calls, listedTo } = useLive()
  const columns = useColumns()
  const list = useKeptInPlace(calls)
  return (
    <section id="calls" class="panel" aria-labelledby="calls-title">
      <h2 id="calls-title">Calls</h2>
      {!calls?.length && (
        <p class="nothing">{calls ? 'None yet. Calls are listed here once their outcome is known.' : 'Loading'}</p>
      )}
      {calls && calls.length > 0 && (
        <div class="columns" aria-hidden="true">
          {Object.entries(columns).map(([name, title]) => (
            <span key={name} class={name}>
              {title}
            </span>
          ))}
        </div>
      )}
      <ol ref={list} aria-labelledby="calls-title">
        {calls?.map((call) => (
          // An import brings other calls by the same numbers.
          <CallRow key={`${call.number} ${call.time}`} call={call} isNew={call.number > listedTo} />
        ))}
      </ol>
    </section>
  )
}

/** Keeps the rows that a person reads in place while others come above them. */
function useKeptInPlace(rows: unknown) {
  const list = useRef<HTMLOListElement>(null)
  const before = useRef<{ row: Element; offsetPx: number } | null>(null)
  const place = (row: Element, around: Element) => row.getBoundingClientRect().top - around.getBoundingClientRect().top
  // Read while it is rendered, and so before the rows change.
  const { current } = list
  if (current && current.scrollTop > 0) {
    const row = [...current.children].find((one) => place(one, current) + one.clientHeight > 0)
    before.current = row ? { row, offsetPx: place(row, current) } : null
  } else before.current = null
  useLayoutEffect(() => {
    const kept = before.current
    if (list.current && kept?.row.isConnected) list.current.scrollTop += place(kept.row, list.current) - kept.offsetPx
  }, [rows])
  return list
}

function CallRow({ call, isNew }: { call: Call; isNew: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const summary = useMemo(() => <CallSummary call={call} />, [call])
  return (
    <li class={isNew ? 'new' : ''}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        {summary}
        <div class="more">{isOpen && <CallDetails call={call} />}</div>
      </details>
    </li>
  )
}

function CallSummary({ call }: { call: Call }) {
  const { time, operation, receipt_id: id, pos_id, kkt_id, attempt, fault, effect, findings, task } = call
  return (
    <summary>
      <time class="time" dateTime={time ?? ''}>
        {time && CLOCK.format(new Date(time))}
      </time>
      <span class="operation">{operation === 'lookup' ? 'look-up' : operation}</span>
      <Cell name="pos" value={task ? breakable(task.type) : pos_id} />
      <Cell name="kkt" value={task ? standingOf(task) : kkt_id} />
      <Cell name="id" value={id && shortId(id)} />
      {/* Heartbeats have no receipt, so their attempt's number means nothing. */}
      <Cell name="attempt" value={id !== null && attempt > 1 ? String(attempt) : null} />
      <span class="fault">
        {[fault, findings.length > 0 && `${findings.length} wrong`].filter(Boolean).join(' · ')}
      </span>
      <span class="effect">{operation === 'submit' && (effect ? 'taken' : 'not taken')}</span>
      <span class={`answer ${toneOf(call)}`}>{answerOf(call)}</span>
    </summary>
  )
}

/** A value that needs its column's name beside it where the layout has no columns. */
function Cell({ name, value }: { name: 'pos' | 'kkt' | 'id' | 'attempt'; value: ComponentChildren }) {
  const columns = useColumns()
  return (
    <span class={name}>
      {value && (
        <>
          <span class="label">{columns[name]}</span> {value}
        </>
      )}
    </span>
  )
}

/** A long name of several words, such as `queryShiftStatus`, wraps between them. */
const breakable = (name: string): ComponentChildren =>
  name.split(/(?=[A-Z])/).flatMap((word, i) => (i === 0 ? [word] : [<wbr key={word} />, word]))

/** A task's status, and the document that it has made. */
const standingOf = ({ status, fd_number }: NonNullable<Call['task']>) =>
  [status, fd_number !== null && `FD ${fd_number}`].filter(Boolean).join(' · ')

const shortId = (id: string) => (id.length > LONG_ID ? `…${id.slice(-ID_END)}` : id)

function answerOf({ status, reply_sent, under_way }: Call): string {
  if (under_way) return 'under way'
  if (status === null) return 'no answer'
  return reply_sent ? String(status) : `${status}, cut off`
}

function toneOf({ status, reply_sent, under_way }: Call): string {
  if (under_way) return ''
  if (status === null || !reply_sent || status >= 500) return 'bad'
  return status >= 400 ? 'refused' : 'good'
}
