import { ask, askText } from '../kit/ask.ts'
import { Badge, Panel } from '../kit/ui.tsx'
import { useRead } from '../kit/use.ts'
import { usePage } from './page.ts'
import { PutRightPanel } from './put_right_panel.tsx'
import { DocumentPanel, SettlementPanel, SoldPanel, Warnings } from './receipt_panels.tsx'
import { STATUS_TONE } from './receipts.tsx'
import { RefundPanel } from './refund_panel.tsx'
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
              <SettlementPanel receipt={receipt} />
              <DocumentPanel receipt={receipt} />
            </div>
            {receipt.fiscal_doc && <SlipPanel id={id} />}
          </div>
          {receipt.fiscal_doc && (
            <div class="columns">
              <RefundPanel key={`refund ${id}`} receipt={receipt} />
              <PutRightPanel key={`right ${id}`} receipt={receipt} />
            </div>
          )}
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
      <Warnings receipt={receipt} />
      {receipt.retry_count > 0 && <p>{words.receipt.attempts(receipt.retry_count)}</p>}
      <p>
        {format.moment(receipt.created_at)} · <strong>{format.roubles(receipt.total)}</strong>
      </p>
      <p class="calm id">{receipt.receipt_id}</p>
    </section>
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
