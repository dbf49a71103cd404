import type { ComponentChildren } from 'preact'
import { type Column, Facts, Panel, Table } from '../kit/ui.tsx'
import { usePage } from './page.ts'
import { notesOf, operationOf, paidFacts, quantityOf, rateInWords, settlementFacts } from './sold.ts'
import type { Item, Original, Receipt } from './wire.ts'

/** The items and the money. */
export function SoldPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const { receipt: said } = words
  const columns: readonly Column<Item>[] = [
    { title: said.item, cell: (item) => <Named item={item} /> },
    { title: said.price, isNumber: true, cell: ({ price }) => format.roubles(price) },
    { title: said.quantity, isNumber: true, cell: (item) => quantityOf(item, { words, format }) },
    { title: said.vat, isNumber: true, cell: ({ vat }) => rateInWords(vat, words) },
    { title: said.total, isNumber: true, cell: ({ total }) => format.roubles(total) },
  ]
  const operation = operationOf(receipt, words)
  return (
    <Panel id="sold" title={operation}>
      <Table label={operation} columns={columns} rows={receipt.items} keyOf={(item) => receipt.items.indexOf(item)} />
      <Facts
        facts={[
          [said.total, <strong key="total">{format.roubles(receipt.total)}</strong>],
          ...paidFacts(receipt, { words, format }),
        ]}
      />
    </Panel>
  )
}

function Named({ item }: { item: Item }) {
  const { words } = usePage()
  return (
    <div>
      {item.name}
      {notesOf(item, words).map((note) => (
        <small key={note} class="note">
          {note}
        </small>
      ))}
    </div>
  )
}

/** The cashier, the customer and the place; nothing where the receipt tells none of it. */
export function SettlementPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const { receipt: said } = words
  const { corrects, refund_of: refundOf } = receipt
  const facts: (readonly [string, ComponentChildren])[] = [
    ...(corrects ? [[said.corrects, <Other key="other" original={corrects} />] as const] : []),
    ...(refundOf ? [[said.refundOf, <Other key="other" original={refundOf} />] as const] : []),
    ...settlementFacts(receipt, { words, format }),
  ]
  return facts.length === 0 ? null : (
    <Panel id="settlement" title={said.settlement}>
      <Facts facts={facts} />
    </Panel>
  )
}

/** The document that a refund or a correction answers to. */
function Other({ original: { receipt_id: id, fd, fn } }: { original: Original }) {
  const { words } = usePage()
  if (id !== undefined) return <a href={`/receipts/${id}`}>{words.receipt.otherReceipt}</a>
  return <>{words.receipt.otherDocument(fd ?? 0, fn ?? '')}</>
}

export function DocumentPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const { receipt: said } = words
  const { fiscal_doc: doc } = receipt
  if (doc === null) {
    return (
      <Panel id="document" title={said.document}>
        <p class="calm">{receipt.status === 'refused' ? said.neverDocument : said.noDocument}</p>
      </Panel>
    )
  }
  const { seller, registration_number: registration, serial_number: serial } = doc
  return (
    <Panel id="document" title={said.document}>
      <Facts
        facts={[
          [said.number, doc.fiscal_doc_number],
          [said.sign, doc.fiscal_sign],
          [said.at, format.momentThere(doc.fiscal_datetime)],
          [said.fn, doc.fn_number],
          [said.kkt, doc.kkt_number],
          [said.shift, doc.shift_number],
          [said.inShift, doc.receipt_number],
          ...(seller ? [[said.seller, `${seller.name}, ${said.inn} ${seller.inn}`] as const] : []),
          ...(registration === undefined ? [] : [[said.registration, registration] as const]),
          ...(serial === undefined ? [] : [[said.serial, serial] as const]),
          ...(receipt.ofd_id === null ? [] : [[said.ofdId, receipt.ofd_id] as const]),
        ]}
      />
    </Panel>
  )
}

/** The findings about a receipt that is taken all the same, in the adapter's words. */
export function Warnings({ receipt: { warnings } }: { receipt: Receipt }) {
  const { words } = usePage()
  return warnings.map(({ code, message }, i) => (
    <p key={i} class="why">
      <strong>{words.receipt.warnings}:</strong> {message} <code>{code}</code>
    </p>
  ))
}
