import { useState } from 'preact/hooks'
import { usePage } from './page.ts'

type Wanted = { fd: string; fpd: string; total: string; date: string; contact: string }
const NOTHING: Wanted = { fd: '', fpd: '', total: '', date: '', contact: '' }

type FieldProps = {
  label: string
  value: string
  onText: (text: string) => void
  pattern?: string
  inputMode?: 'numeric' | 'decimal'
  maxLength?: number
}

function Field({ label, onText, ...input }: FieldProps) {
  return (
    <label>
      {label}
      <input {...input} autocomplete="off" onInput={({ currentTarget }) => onText(currentTarget.value)} />
    </label>
  )
}

const digitsOf = (text: string) => text.replace(/\D/g, '')
/** The wire has a point, and no spaces between thousands. */
const sumOf = (text: string) => text.replace(/\s/g, '').replace(',', '.')

type Props = { wanted: Wanted; onSearch: (wanted: Wanted) => void }

/** Looks for receipts by what a customer knows. It asks only when it is sent: half a number finds nothing. */
export function LookUpForm({ wanted, onSearch }: Props) {
  const { words } = usePage()
  const { fd, fpd, total, date, contact } = wanted
  const [draft, setDraft] = useState<Wanted>({ fd, fpd, total, date, contact })
  const set = (change: Partial<Wanted>) => setDraft({ ...draft, ...change })
  const lookUp = words.lookUp
  return (
    <search aria-label={lookUp.title}>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch({ ...draft, total: sumOf(draft.total), contact: draft.contact.trim() })
        }}
      >
        <Field
          label={lookUp.fd}
          value={draft.fd}
          inputMode="numeric"
          maxLength={10}
          onText={(text) => set({ fd: digitsOf(text) })}
        />
        <Field
          label={lookUp.fpd}
          value={draft.fpd}
          inputMode="numeric"
          maxLength={10}
          onText={(text) => set({ fpd: digitsOf(text) })}
        />
        <Field
          label={lookUp.total}
          value={draft.total}
          inputMode="decimal"
          pattern="[0-9 ]+([.,][0-9]{1,2})?"
          maxLength={16}
          onText={(text) => set({ total: text })}
        />
        <label>
          {lookUp.date}
          <input type="date" value={draft.date} onInput={({ currentTarget }) => set({ date: currentTarget.value })} />
        </label>
        <Field label={lookUp.contact} value={draft.contact} maxLength={64} onText={(text) => set({ contact: text })} />
        <button type="submit">{lookUp.search}</button>
        <button
          type="button"
          onClick={() => {
            setDraft(NOTHING)
            onSearch(NOTHING)
          }}
        >
          {lookUp.clear}
        </button>
        {date !== '' && (
          <a href={`/v1/kkt/receipts.csv?date=${date}`} download>
            {lookUp.file}
          </a>
        )}
      </form>
    </search>
  )
}
