import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { Panel } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { usePage } from './page.ts'
import { postReceipts, type Sold } from './sample_receipt.ts'
import { inWords, Trouble } from './trouble.tsx'
import type { KktFaults } from './wire.ts'
import type { Words } from './words/en.ts'

/** A form that sells, and with test control switches for the mocks. */
export function TryItPanel() {
  const { words, facts } = usePage()
  return (
    <Panel id="try-it" title={words.tryIt.title}>
      <SellForm />
      {facts.hasTestControl && <OfdControl />}
      {facts.hasTestControl && <KktSwitches />}
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

const OFD_PATH = '/v1/kkt/_test/ofd'

type OfdSwitch = { permanent_failure: boolean }

function OfdControl() {
  const { words, live, clock, changed } = usePage()
  const [wrong, setWrong] = useState('')
  const { value, refused, change } = useRead(
    clock,
    OFD_PATH,
    () => ask<OfdSwitch>(OFD_PATH),
    // Another page, or a test, may have switched it.
    live.status?.circuit_breaker.failure_count ?? 0,
  )
  const isOff = value?.permanent_failure ?? false
  const turn = async () => {
    const wanted = { permanent_failure: !isOff }
    try {
      await change(wanted, () => ask<OfdSwitch>(OFD_PATH, { method: 'POST', body: wanted }))
      setWrong('')
    } catch (error) {
      setWrong(inWords(error, words))
    }
    changed()
  }
  return (
    <fieldset class="control">
      <legend>{words.tryIt.ofd}</legend>
      <Trouble refused={refused} />
      {wrong && <p class="wrong">{wrong}</p>}
      {value && (
        <p class="actions">
          <span role="status">{isOff ? words.tryIt.ofdIsOff : words.tryIt.ofdIsOn}</span>
          <button type="button" class={isOff ? 'main' : 'grave'} onClick={() => void turn()}>
            {isOff ? words.tryIt.ofdOn : words.tryIt.ofdOff}
          </button>
        </p>
      )}
    </fieldset>
  )
}

const KKT_PATH = '/v1/kkt/_test/config'

/** The value with which each fault is put on. */
const FAULT_ON: KktFaults = {
  gone: true,
  paper_out: true,
  fn_full: true,
  shift_expired: true,
  slow_print_seconds: 5,
  busy: 3,
  reply_lost: 1,
  connection_lost: 1,
  lookup_lost: 1,
}
const FAULT_NAMES = [
  'gone',
  'paper_out',
  'fn_full',
  'shift_expired',
  'busy',
  'slow_print_seconds',
  'reply_lost',
  'connection_lost',
  'lookup_lost',
] as const satisfies readonly (keyof KktFaults)[]
const NO_FAULT: KktFaults = {
  gone: false,
  paper_out: false,
  fn_full: false,
  shift_expired: false,
  slow_print_seconds: 0,
  busy: 0,
  reply_lost: 0,
  connection_lost: 0,
  lookup_lost: 0,
}

function KktSwitches() {
  const { words, live, clock, changed } = usePage()
  const [wrong, setWrong] = useState('')
  const { value, refused, change } = useRead(clock, KKT_PATH, () => ask<KktFaults>(KKT_PATH), live.news)
  const configure = async (faults: Partial<KktFaults>) => {
    try {
      const put = () => ask<KktFaults>(KKT_PATH, { method: 'POST', body: faults })
      await change({ ...(value ?? NO_FAULT), ...faults }, put)
      setWrong('')
    } catch (error) {
      setWrong(inWords(error, words))
    }
    changed()
  }
  return (
    <fieldset class="control">
      <legend>{words.tryIt.kkt}</legend>
      <Trouble refused={refused} />
      {wrong && <p class="wrong">{wrong}</p>}
      {value &&
        FAULT_NAMES.map((name) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={Boolean(value[name])}
              onChange={({ currentTarget }) =>
                void configure({ [name]: currentTarget.checked ? FAULT_ON[name] : NO_FAULT[name] })
              }
            />
            {words.kktFaults[name]} {isCount(name, value[name]) && words.tryIt.left(Number(value[name]))}
          </label>
        ))}
      {value && FAULT_NAMES.some((name) => value[name]) && (
        <button type="button" onClick={() => void configure(NO_FAULT)}>
          {words.tryIt.endAll}
        </button>
      )}
    </fieldset>
  )
}

const isCount = (name: keyof KktFaults, value: number | boolean) =>
  typeof value === 'number' && value > 0 && name !== 'slow_print_seconds'
