import { useState } from 'preact/hooks'
import { type Column, Panel, Table } from '../kit/ui.tsx'
import { correctionBody, type Reason } from './give_back.ts'
import { usePage } from './page.ts'
import { PaymentField } from './refund_panel.tsx'
import { SendingOutcome } from './sending_outcome.tsx'
import { rateInWords } from './sold.ts'
import { useSending } from './use_sending.ts'
import type { Codes, CorrectionAnswer, CorrectionPart, Item, Receipt } from './wire.ts'

const RATES = [
  'none',
  'vat0',
  'vat5',
  'vat7',
  'vat10',
  'vat20',
  'vat22',
  'vat105',
  'vat107',
  'vat110',
  'vat120',
  'vat122',
]
/** The tax office's order. As long as the adapter takes it. */
const MOST_NUMBER_CHARACTERS = 32

/** Puts a wrong receipt right: takes it back, and says what is right. */
export function PutRightPanel({ receipt }: { receipt: Receipt }) {
  const { words } = usePage()
  const said = words.giveBack
  const { sending, begin, resume } = useSending<CorrectionAnswer>(`correction ${receipt.receipt_id}`)
  const [items, setItems] = useState<readonly Item[] | null>(receipt.items)
  const [payment, setPayment] = useState<keyof Codes['payments'] | null>(null)
  const day = receipt.correction?.date ?? receipt.fiscal_doc?.fiscal_datetime.slice(0, 'yyyy-mm-dd'.length) ?? ''
  const [reason, setReason] = useState<Reason>({ type: 'self', date: day, number: '' })
  const isLocked = sending.kind === 'under_way' || sending.kind === 'unclear' || sending.kind === 'done'

  const submit = (event: Event) => {
    event.preventDefault()
    const right = items && { items, payment }
    if (confirm(right === null ? said.askReversal : said.askCorrection)) {
      void begin('/v1/kkt/correction', correctionBody(receipt, reason, right))
    }
  }
  const settled = receipt.payments[0]?.type ?? 'cash'
  return (
    <Panel id="put-right" title={said.putRight}>
      <form onSubmit={submit}>
        <fieldset class="lines" disabled={isLocked}>
          <p>{said.putRightText}</p>
          <ReasonFields reason={reason} onReason={setReason} />
          <label class="check">
            <input
              type="checkbox"
              checked={items === null}
              onChange={({ currentTarget }) => setItems(currentTarget.checked ? null : receipt.items)}
            />
            {said.onlyBack}
          </label>
          {items?.map((item, i) => (
            <ItemFields key={i} number={i + 1} item={item} onItem={(edited) => setItems(items.with(i, edited))} />
          ))}
          {items && <PaymentField label={said.paidBy} value={payment ?? settled} onValue={setPayment} />}
          <p class="actions">
            <button type="submit" class="grave">
              {said.putRight}
            </button>
          </p>
        </fieldset>
      </form>
      <SendingOutcome sending={sending} onAgain={() => void resume()} done={(answer) => <Outcome answer={answer} />} />
    </Panel>
  )
}

function ReasonFields({ reason, onReason }: { reason: Reason; onReason: (reason: Reason) => void }) {
  const { words } = usePage()
  const said = words.giveBack
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={reason.type === 'instruction'}
          onChange={({ currentTarget: { checked } }) => onReason({ ...reason, type: checked ? 'instruction' : 'self' })}
        />
        {said.byOrder}
      </label>
      <label class="field">
        {said.date}
        <input
          type="date"
          required
          value={reason.date}
          onInput={({ currentTarget: { value } }) => onReason({ ...reason, date: value })}
        />
      </label>
      <label class="field">
        {said.number}
        <input
          required={reason.type === 'instruction'}
          maxLength={MOST_NUMBER_CHARACTERS}
          value={reason.number}
          onInput={({ currentTarget: { value } }) => onReason({ ...reason, number: value.trim() })}
        />
      </label>
    </>
  )
}

type ItemFieldsProps = { number: number; item: Item; onItem: (item: Item) => void }

function ItemFields({ number, item, onItem }: ItemFieldsProps) {
  const { words } = usePage()
  const { receipt: said } = words
  return (
    <fieldset class="lines">
      <legend>
        {said.item} {number}
      </legend>
      <label class="field">
        {said.item}
        <input
          required
          maxLength={128}
          value={item.name}
          onInput={({ currentTarget: { value } }) => onItem({ ...item, name: value })}
        />
      </label>
      <div class="filters">
        <NumberField
          label={said.price}
          step="0.01"
          value={item.price}
          onValue={(price) => onItem({ ...item, price })}
        />
        <NumberField
          label={said.quantity}
          step="any"
          value={item.quantity}
          onValue={(quantity) => onItem({ ...item, quantity })}
        />
        <label>
          {said.vat}
          <select value={item.vat} onChange={({ currentTarget: { value } }) => onItem({ ...item, vat: value })}>
            {RATES.map((vat) => (
              <option key={vat} value={vat}>
                {rateInWords(vat, words)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </fieldset>
  )
}

type NumberFieldProps = { label: string; step: string; value: number; onValue: (value: number) => void }

const NumberField = ({ label, step, value, onValue }: NumberFieldProps) => (
  <label>
    {label}
    <input
      type="number"
      min="0"
      step={step}
      required
      value={value}
      onChange={({ currentTarget: { valueAsNumber } }) => onValue(Number.isNaN(valueAsNumber) ? 0 : valueAsNumber)}
    />
  </label>
)

/** Both documents, and how they stand. */
function Outcome({ answer: { message, reversal, right } }: { answer: CorrectionAnswer }) {
  const { words } = usePage()
  const said = words.giveBack
  const rows = [
    { title: said.reversal, part: reversal },
    { title: said.right, part: right },
  ].flatMap(({ title, part }) => (part ? [{ title, part }] : []))
  const columns: readonly Column<{ title: string; part: CorrectionPart }>[] = [
    {
      title: said.document,
      cell: ({ title, part }) => <a href={`/receipts/${part.receipt_id}`}>{title}</a>,
    },
    { title: words.receipts.document, isNumber: true, cell: ({ part }) => part.fiscal_doc?.fiscal_doc_number ?? null },
    { title: said.standing, cell: ({ part }) => part.last_error ?? words.statuses[part.status] },
  ]
  return (
    <>
      <p>{message}</p>
      <Table label={said.putRight} columns={columns} rows={rows} keyOf={({ part }) => part.receipt_id} />
    </>
  )
}
