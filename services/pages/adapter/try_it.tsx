import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ask, type Refused } from '../kit/ask.ts'
import { Panel } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import type { KktFaults } from './kkt_faults.ts'
import { usePage } from './page.ts'
import { postReceipts, type Sold } from './sample_receipt.ts'
import { inWords, Trouble } from './trouble.tsx'
import type { Words } from './words/en.ts'

/** A form that sells, and with test control switches for the mocks. */
export function TryItPanel() {
  const { words, facts } = usePage()
  return (
    <Panel id="try-it" title={words.tryIt.title}>
      <SellForm />
      {facts.hasOfdSwitch && <OfdControl />}
      {facts.hasMockKkt && <KktSwitches />}
    </Panel>
  )
}

const COUNTS = [1, 5, 20]

function SellForm() {
  const { words, facts, changed } = usePage()
  const [till, setTill] = useState('PAGE-1')
  const [price, setPrice] = useState('149.90')
  const [count, setCount] = useState(1)
  const [sold, setSold] = useState<Sold | null>(null)
  const [wrong, setWrong] = useState('')
  const [isBusy, setBusy] = useState(false)

  const sell = async (event: Event) => {
    event.preventDefault()
    // Without test control the KKT may be a real one.
    if (!facts.hasTestControl && !confirm(words.tryIt.real)) return
    setBusy(true)
    setWrong('')
    try {
      setSold(await postReceipts({ till, price, count }))
    } catch (error) {
      setSold(null)
      setWrong(inWords(error, words))
    }
    setBusy(false)
    changed()
  }
  return (
    <form class="filters" onSubmit={(event) => void sell(event)}>
      <Field label={words.tryIt.till} value={till} onValue={setTill} maxLength={64} pattern="[A-Za-z0-9._\-]+" />
      <Field
        label={words.tryIt.price}
        value={price}
        onValue={setPrice}
        inputMode="decimal"
        pattern="\d{1,6}([.,]\d{1,2})?"
      />
      <label>
        {words.tryIt.count}
        <select value={count} onChange={({ currentTarget }) => setCount(Number(currentTarget.value))}>
          {COUNTS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="main" disabled={isBusy}>
        {words.tryIt.sell}
      </button>
      <p role="status" class={wrong ? 'wrong' : ''}>
        {wrong}
        {sold && soldInWords(sold, words)} {sold && <a href={`/receipts/${sold.lastId}`}>{words.tryIt.see}</a>}
      </p>
    </form>
  )
}

const soldInWords = ({ count, isPrinted }: Sold, { tryIt }: Words) =>
  count > 1 ? tryIt.soldMany(count) : isPrinted ? tryIt.printed : tryIt.buffered

type FieldProps = {
  label: string
  value: string
  pattern: string
  onValue: (value: string) => void
  maxLength?: number
  inputMode?: 'decimal'
}

const Field = ({ label, onValue, ...input }: FieldProps) => (
  <label>
    {label}
    <input {...input} required onInput={({ currentTarget }) => onValue(currentTarget.value)} />
  </label>
)

type ControlProps = { title: string; refused: Refused | null; wrong: string; children: ComponentChildren }

/** The switches of a mock. */
function Control({ title, refused, wrong, children }: ControlProps) {
  return (
    <fieldset class="control">
      <legend>{title}</legend>
      <Trouble refused={refused} />
      {wrong && <p class="wrong">{wrong}</p>}
      {children}
    </fieldset>
  )
}

/**
 * A mock's configuration, which the adapter's test control reads and changes at one path.
 * @param news another page, or a test, may have changed it
 */
function useConfiguration<Configuration extends object>(path: string, news: number) {
  const { words, clock, changed } = usePage()
  const [wrong, setWrong] = useState('')
  const { value, refused, change } = useRead(clock, path, () => ask<Configuration>(path), news)
  const configure = async (now: Configuration, part: Partial<Configuration>) => {
    try {
      await change({ ...now, ...part }, () => ask<Configuration>(path, { method: 'POST', body: part }))
      setWrong('')
    } catch (error) {
      setWrong(inWords(error, words))
    }
    changed()
  }
  return { value, refused, wrong, configure }
}

type OfdSwitch = { permanent_failure: boolean }

function OfdControl() {
  const { words, live } = usePage()
  const { value, refused, wrong, configure } = useConfiguration<OfdSwitch>(
    '/v1/kkt/_test/ofd',
    live.status?.circuit_breaker.failure_count ?? 0,
  )
  const isOff = value?.permanent_failure ?? false
  return (
    <Control title={words.tryIt.ofd} refused={refused} wrong={wrong}>
      {value && (
        <p class="actions">
          <span role="status">{isOff ? words.tryIt.ofdIsOff : words.tryIt.ofdIsOn}</span>
          <button
            type="button"
            class={isOff ? 'main' : 'grave'}
            onClick={() => void configure(value, { permanent_failure: !isOff })}
          >
            {isOff ? words.tryIt.ofdOn : words.tryIt.ofdOff}
          </button>
        </p>
      )}
    </Control>
  )
}

/** The value with which each fault is put on, in the order of the switches. */
const FAULT_ON: KktFaults = {
  gone: true,
  paper_out: true,
  paper_near_end: true,
  cover_open: true,
  printer_fault: true,
  shift_expired: true,
  fn_full: true,
  fn_nearly_full: true,
  fn_expired: true,
  fn_broken: true,
  fn_days_left: 20,
  unsent_for_days: 20,
  not_registered: true,
  busy: 3,
  slow_print_seconds: 5,
  clock_behind_seconds: 60,
  clock_ahead_seconds: 300,
  receipt_refused: 1,
  reply_lost: 1,
  closing_reply_lost: 1,
  connection_lost: 1,
  lookup_lost: 1,
  task_lookup_untellable: true,
  keeps_no_drawer_sum: true,
}
const NO_FAULT: KktFaults = {
  gone: false,
  paper_out: false,
  paper_near_end: false,
  cover_open: false,
  printer_fault: false,
  shift_expired: false,
  fn_full: false,
  fn_nearly_full: false,
  fn_expired: false,
  fn_broken: false,
  fn_days_left: null,
  unsent_for_days: 0,
  not_registered: false,
  busy: 0,
  slow_print_seconds: 0,
  clock_behind_seconds: 0,
  clock_ahead_seconds: 0,
  receipt_refused: 0,
  reply_lost: 0,
  closing_reply_lost: 0,
  connection_lost: 0,
  lookup_lost: 0,
  task_lookup_untellable: false,
  keeps_no_drawer_sum: false,
}
const FAULT_NAMES = Object.keys(FAULT_ON).filter((name): name is keyof KktFaults => Object.hasOwn(FAULT_ON, name))

function KktSwitches() {
  const { words, live } = usePage()
  const { value, refused, wrong, configure } = useConfiguration<KktFaults>('/v1/kkt/_test/config', live.news)
  return (
    <Control title={words.tryIt.kkt} refused={refused} wrong={wrong}>
      {value &&
        FAULT_NAMES.map((name) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={isOn(value[name])}
              onChange={({ currentTarget }) =>
                void configure(value, { [name]: currentTarget.checked ? FAULT_ON[name] : NO_FAULT[name] })
              }
            />
            {words.kktFaults[name]} {isCount(name, value[name]) && words.tryIt.left(Number(value[name]))}
          </label>
        ))}
      {value && FAULT_NAMES.some((name) => isOn(value[name])) && (
        <button type="button" onClick={() => void configure(value, NO_FAULT)}>
          {words.tryIt.endAll}
        </button>
      )}
    </Control>
  )
}

const isOn = (value: KktFaults[keyof KktFaults]) => value !== null && value !== false && value !== 0

const isCount = (name: keyof KktFaults, value: number | boolean | null) =>
  typeof value === 'number' && value > 0 && !/_(seconds|days|left)$/.test(name)
