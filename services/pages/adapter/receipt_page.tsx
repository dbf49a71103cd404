import { ask, askText } from '../kit/ask.ts'
import { Badge, type Column, Facts, Panel, Table } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { usePage } from './page.ts'
import { STATUS_TONE } from './receipts.tsx'
import { Timeline } from './timeline.tsx'
import { Trouble } from './trouble.tsx'
import { whyWaiting } from './waiting.ts'
import type { Receipt } from './wire.ts'

/** The adapter knows no such receipt, or this can be the id of none. */
const NOT_THERE = new Set(['receipt_not_found', 'invalid_params'])

/** All of one receipt: what was sold, its document, its slip, and what happened to it. */
export function ReceiptView({ id }: { id: string }) {
  const { words, live, clock } = usePage()
  const path = `/v1/kkt/receipt/${id}`
  const { value: receipt, refused } = useRead(clock, path, () => ask<Receipt>(path), live.news)
  return (
    <main class="receipt">
      <p>
        <a href="/#receipts">← {words.receipt.back}</a>
      </p>
      {refused !== null && NOT_THERE.has(refused.code) ? (
        <p class="wrong">{words.receipt.notFound}</p>
      ) : (
        <Trouble refused={refused} />
      )}
      {receipt === null && refused === null && <p class="calm">{words.loading}</p>}
      {receipt && (
        <>
          <Standing receipt={receipt} />
          <div class="columns">
            <div class="stack">
              <SoldPanel receipt={receipt} />
              <DocumentPanel receipt={receipt} />
            </div>
            {receipt.fiscal_doc && <SlipPanel id={id} />}
          </div>
          <Timeline id={id} />
        </>
      )}
    </main>
  )
}

function Standing({ receipt }: { receipt: Receipt }) {
  const { words, live, format } = usePage()
  const why = whyWaiting({ receipt, status: live.status, health: live.health }, words)
  return (
    <section class="panel" aria-labelledby="standing-title">
      <h2 id="standing-title">
        {words.receipt.title} · {receipt.pos_id}{' '}
        <Badge tone={STATUS_TONE[receipt.status]}>{words.statuses[receipt.status]}</Badge>
      </h2>
      <p role="status">{words.statusMeans[receipt.status]}</p>
      {receipt.status === 'refused' && <p class="why">{receipt.last_error}</p>}
      {why && (
        <p class="why">
          <strong>{words.receipt.why}:</strong> {why}{' '}
          {receipt.status === 'failed' && <a href="/#dlq">{words.receipt.toDlq}</a>}
        </p>
      )}
      {receipt.retry_count > 0 && <p>{words.receipt.attempts(receipt.retry_count)}</p>}
      <p>
        {format.moment(receipt.created_at)} · <strong>{format.roubles(receipt.total)}</strong>
      </p>
      <p class="calm id">{receipt.receipt_id}</p>
    </section>
  )
}

type Item = Receipt['items'][number]

function SoldPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const { receipt: said } = words
  const columns: readonly Column<Item>[] = [
    { title: said.item, cell: ({ name }) => name },
    { title: said.price, isNumber: true, cell: ({ price }) => format.roubles(price) },
    { title: said.quantity, isNumber: true, cell: ({ quantity }) => format.number(quantity) },
    { title: said.vat, isNumber: true, cell: (item) => vatOf(item, said.noVat) },
    { title: said.total, isNumber: true, cell: ({ total }) => format.roubles(total) },
  ]
  return (
    <Panel id="sold" title={said.types[receipt.type]}>
      <Table
        label={said.types[receipt.type]}
        columns={columns}
        rows={receipt.items}
        keyOf={(item) => receipt.items.indexOf(item)}
      />
      <Facts
        facts={[
          [said.total, <strong key="total">{format.roubles(receipt.total)}</strong>],
          ...receipt.payments.map(
            ({ type, amount }) => [`${said.paid}: ${said.payments[type]}`, format.roubles(amount)] as const,
          ),
        ]}
      />
    </Panel>
  )
}

/** `22 %`, or `22/122` for an inverted rate. */
function vatOf({ vat_rate: rate, vat }: Item, none: string): string {
  if (rate === undefined) return `${Number(vat.slice('vat1'.length))}/${vat.slice('vat'.length)}`
  return rate === null ? none : `${rate} %`
}

function DocumentPanel({ receipt }: { receipt: Receipt }) {
  const { words, format } = usePage()
  const { receipt: said } = words
  const { fiscal_doc: doc } = receipt
  return (
    <Panel id="document" title={said.document}>
      {doc === null ? (
        <p class="calm">{receipt.status === 'refused' ? said.neverDocument : said.noDocument}</p>
      ) : (
        <Facts
          facts={[
            [said.number, doc.fiscal_doc_number],
            [said.sign, doc.fiscal_sign],
            [said.at, format.momentThere(doc.fiscal_datetime)],
            [said.fn, doc.fn_number],
            [said.kkt, doc.kkt_number],
            [said.shift, doc.shift_number],
            [said.inShift, doc.receipt_number],
            ...(receipt.ofd_id === null ? [] : ([[said.ofdId, receipt.ofd_id]] as const)),
          ]}
        />
      )}
    </Panel>
  )
}

function SlipPanel({ id }: { id: string }) {
  const { words, clock } = usePage()
  const path = `/v1/kkt/receipt/${id}/slip?format=text&width=32`
  // A slip never changes, so it is read once.
  const { value, refused } = useRead(clock, path, () => askText(path), 0)
  return (
    <Panel id="slip" title={words.receipt.slip}>
      <Trouble refused={refused} />
      <div class="slip">
        {value && <pre lang="ru">{value}</pre>}
        <img class="qr" src={`/v1/kkt/receipt/${id}/qr.svg`} alt={words.receipt.qr} width="200" height="200" />
      </div>
      <p>
        <a href={`/v1/kkt/receipt/${id}/slip?format=html`} target="_blank" rel="noreferrer">
          {words.receipt.print}
        </a>
      </p>
    </Panel>
  )
}
