import type { ComponentChildren } from 'preact'
import { Refused } from '../kit/ask.ts'
import { Prose } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import type { Control } from './control.ts'
import { useSurroundings } from './page.ts'
import { isRecord } from './plan.ts'
import type { Call, CallInFull, Finding, Piece, Wire } from './wire.ts'

/** A long text scrolls, by keyboard too. */
const SCROLLS = { tabIndex: 0 }

/** `full` is null where the mock has dropped it by now. */
type Details = { full: CallInFull | null; taken: unknown }

async function readDetails(control: Control, call: Call): Promise<Details> {
  const [full, taken] = await Promise.all([
    asked(() => control.callInFull(call.number)),
    asked(() => takenOf(control, call)),
  ])
  return { full, taken }
}

async function asked<Answer>(question: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

async function takenOf(control: Control, { receipt_id, kkt_id }: Call): Promise<unknown> {
  if (receipt_id !== null) return await control.taken({ receipt_id })
  return kkt_id === null ? null : await control.taken({ kkt_id })
}

/** A call's faults, the request's body and the answer. They are read again when the call ends. */
export function CallDetails({ call }: { call: Call }) {
  const { control, clock } = useSurroundings()
  const { value } = useRead(clock, 'call', () => readDetails(control, call), Number(call.under_way))
  if (value === null) return 'reading'
  const { full, taken } = value
  const wire = full?.wire ?? null
  const about = call.task ? 'request' : 'receipt'
  const receipt = call.receipt_id === null ? '' : ` · ${about} ${call.receipt_id}`
  return (
    <>
      <p class="facts">{`call ${call.number} · ${call.time}${receipt}`}</p>
      <Part of={call} name="Why">
        <Why call={full ?? call} wire={wire} />
      </Part>
      {call.findings.length > 0 && (
        <Part of={call} name="Wrong with it">
          <Findings findings={call.findings} />
        </Part>
      )}
      <Part of={call} name="Sent">
        {wire ? <Written piece={wire.sent} none="No body." /> : <NotKept full={full} />}
      </Part>
      <Part of={call} name="Answered">
        {wire ? <Written piece={wire.answered} none="Nothing." /> : <NotKept full={full} />}
      </Part>
      {isRecord(taken) && (
        <Part of={call} name="In the ledger">
          <pre {...SCROLLS}>{JSON.stringify(wire?.sent ? withoutDocument(taken) : taken, null, 2)}</pre>
        </Part>
      )}
    </>
  )
}

function Part({ of, name, children }: { of: Call; name: string; children: ComponentChildren }) {
  return (
    <section aria-label={`${name}, call ${of.number}`}>
      <h3>{name}</h3>
      {children}
    </section>
  )
}

function Why({ call, wire }: { call: Call; wire: Wire | null }) {
  if (wire && wire.struck.length > 0)
    return (
      <>
        {wire.struck.map(({ fault, summary }) => (
          <p key={fault}>
            <strong class="fault">{fault}</strong> <Prose text={summary} />
          </p>
        ))}
      </>
    )
  if (call.fault === null) return <p>{`No fault struck.${withoutFault(call)}`}</p>
  return (
    <p>
      <strong class="fault">{call.fault}</strong> struck it.
    </p>
  )
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul class="findings">
      {findings.map(({ tag, pointer, code, message }) => (
        <li key={`${code} ${pointer} ${message}`}>
          {tag !== null && <strong>{`tag ${tag} `}</strong>}
          <code>{pointer}</code> {message}
        </li>
      ))}
    </ul>
  )
}

function withoutFault({ operation, status, effect, under_way }: Call): string {
  if (under_way) return ' It is under way.'
  if (status === null) return ' Nothing is known of an answer.'
  if (status >= 400) return operation === 'lookup' ? '' : ' It was refused for what it says: see the answer.'
  return operation === 'submit' && !effect ? ' It was known already, and got its first answer again.' : ''
}

function NotKept({ full }: { full: CallInFull | null }) {
  if (full === null) return <p>No longer kept.</p>
  return <p>Not kept: the mock keeps the newest {full.wire_kept_of} calls that it received.</p>
}

function Written({ piece, none }: { piece: Piece | null; none: string }) {
  if (piece === null) return <p>{none}</p>
  const { text, length } = piece
  const isWhole = text.length >= length
  return (
    <>
      <pre {...SCROLLS}>{isWhole ? readable(text) : text}</pre>
      {!isWhole && <p>{`The first ${text.length} of ${length} characters.`}</p>}
    </>
  )
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text === '' ? '(empty)' : text
  }
}

/** Leaves out the document, which is shown as the request's body. */
function withoutDocument({ document: _, ...entry }: Readonly<Record<string, unknown>>) {
  return entry
}
