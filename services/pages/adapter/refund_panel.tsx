import { useState } from 'preact/hooks'
import { Panel } from '../kit/ui.tsx'
import { isRefundable, refundBody } from './give_back.ts'
import { usePage } from './page.ts'
import { SendingOutcome } from './sending_outcome.tsx'
import { quantityOf } from './sold.ts'
import { useSending } from './use_sending.ts'
import type { Codes, PrintAnswer, Receipt } from './wire.ts'

type PaymentKind = keyof Codes['payments']

/** Gives back what is left of a receipt, or a part of it. */
export function RefundPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const said = words.giveBack
  const { sending, begin, resume } = useSending<PrintAnswer>(`refund ${receipt.receipt_id}`)
  const left = receipt.left?.quantities ?? []
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const [payment, setPayment] = useState<PaymentKind>(receipt.payments[0]?.type ?? 'cash')
  const quantities = chosen ?? left.map(String)
  const numbers = quantities.map(Number)
  const isLocked = sending.kind === 'under_way' || sending.kind === 'unclear'

  const submit = (event: Event) => {
    event.preventDefault()
    const body = refundBody(receipt, numbers, payment)
    if (confirm(said.askRefund(format.roubles(body.total), words.codes.payments[payment]))) {
      void begin('/v1/kkt/receipt', body).then(() => setChosen(null))
    }
  }
  const isOpen = isRefundable(receipt)
  if (!isOpen && sending.kind === 'idle') return null
  return (
    <Panel id="refund" title={said.refund}>
      {isOpen && (
        <form onSubmit={submit}>
          <fieldset class="lines" disabled={isLocked}>
            {receipt.items.map((item, i) => (
              <label key={i} class="line">
                <span>
                  {item.name} · {format.roubles(item.price)}
                  <small class="note">
                    {said.left(quantityOf({ ...item, quantity: left[i] ?? 0 }, { words, format }))}
                  </small>
                </span>
                <input
                  type="number"
                  min="0"
                  max={left[i] ?? 0}
                  step={item.marking_code === undefined ? 'any' : '1'}
                  required
                  value={quantities[i] ?? '0'}
                  onInput={({ currentTarget: { value } }) => setChosen(quantities.with(i, value))}
                />
              </label>
            ))}
            <PaymentField label={said.payment} value={payment} onValue={setPayment} />
            <p class="actions">
              <button type="submit" class="main" disabled={!numbers.some((one) => one > 0)}>
                {said.refundFor(format.roubles(refundBody(receipt, numbers, payment).total))}
              </button>
            </p>
          </fieldset>
        </form>
      )}
      <SendingOutcome sending={sending} onAgain={() => void resume()} done={(answer) => <Done answer={answer} />} />
    </Panel>
  )
}

function Done({ answer: { receipt_id: id, fiscal_doc: doc, message, warnings } }: { answer: PrintAnswer }) {
  const { words } = usePage()
  return (
    <>
      <p>
        {doc === null ? message : words.giveBack.refunded(doc.fiscal_doc_number)}{' '}
        <a href={`/receipts/${id}`}>{words.tryIt.see}</a>
      </p>
      {warnings.map((warning) => (
        <p key={warning.message} class="why">
          {warning.message}
        </p>
      ))}
    </>
  )
}

type PaymentFieldProps = { label: string; value: PaymentKind; onValue: (kind: PaymentKind) => void }

export function PaymentField({ label, value, onValue }: PaymentFieldProps) {
  const { words } = usePage()
  const kinds = Object.entries(words.codes.payments)
  const isKind = (name: string): name is PaymentKind => Object.hasOwn(words.codes.payments, name)
  return (
    <label class="field">
      {label}
      <select
        value={value}
        onChange={({ currentTarget }) => {
          if (isKind(currentTarget.value)) onValue(currentTarget.value)
        }}
      >
        {kinds.map(([kind, name]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
