/** The pages read answers as they are declared in wire.ts. Here the adapter's own answers have to fit those types. */
import { expect, test } from 'bun:test'
import type { z } from 'zod'
import { STATUSES as ADAPTERS_STATUSES } from '../../kkt_adapter/src/domain/state.ts'
import type { statusAnswer } from '../../kkt_adapter/src/http/buffer_status.ts'
import type { correctionAnswer } from '../../kkt_adapter/src/http/correction_answers.ts'
import type { wireEvent } from '../../kkt_adapter/src/http/events_answer.ts'
import type { healthAnswer } from '../../kkt_adapter/src/http/health_answer.ts'
import type { printAnswer, receiptAnswer, receiptPage } from '../../kkt_adapter/src/http/receipt_answers.ts'
import type { samplesAnswer } from '../../kkt_adapter/src/http/samples_route.ts'
import type { shiftAnswer, shiftPage } from '../../kkt_adapter/src/http/shift_routes.ts'
import type { salesAnswer } from '../../kkt_adapter/src/http/shift_sales.ts'
import { STREAM_EVENTS } from '../../kkt_adapter/src/http/stream_routes.ts'
import type { doneAnswer, openAnswer, taskPage } from '../../kkt_adapter/src/http/task_answers.ts'
import { EVENT_KINDS as ADAPTERS_KINDS } from '../../kkt_adapter/src/journal/audit.ts'
import { body, startApp } from '../../kkt_adapter/src/testing/app_kit.ts'
import { lastFd, pending } from '../../kkt_adapter/src/testing/kit.ts'
import type { KktFaults as AdaptersFaults } from '../../mock_kkt/device/faults.ts'
import type { KktFaults } from './kkt_faults.ts'
import {
  type AuditEvent,
  type BufferStatus,
  type CorrectionAnswer,
  type DeadLetter,
  type DeadLetters,
  EVENT_KINDS,
  EVENTS,
  type Events,
  type Health,
  type PrintAnswer,
  type Receipt,
  type ReceiptPage,
  type Samples,
  STATUSES,
} from './wire.ts'
import type { ShiftNow, ShiftPage, ShiftSales, TaskAnswer, TaskPage } from './wire_kkt.ts'

/** Compiles only where the adapter's answer has all that the pages read. */
const fits = <Read>() => ({ answeredBy: <_Answer extends Read>() => true })

test('answers of the adapter fit the types by which the pages read them', () => {
  expect([
    fits<BufferStatus>().answeredBy<z.infer<typeof statusAnswer>>(),
    fits<Health>().answeredBy<z.infer<typeof healthAnswer>>(),
    fits<Receipt>().answeredBy<z.infer<typeof receiptAnswer>>(),
    fits<ReceiptPage>().answeredBy<z.infer<typeof receiptPage>>(),
    fits<CorrectionAnswer>().answeredBy<z.infer<typeof correctionAnswer>>(),
    fits<PrintAnswer>().answeredBy<z.infer<typeof printAnswer>>(),
    fits<AuditEvent>().answeredBy<z.infer<typeof wireEvent>>(),
    fits<Samples>().answeredBy<z.infer<typeof samplesAnswer>>(),
    fits<ShiftNow>().answeredBy<z.infer<typeof shiftAnswer>>(),
    fits<ShiftSales>().answeredBy<z.infer<typeof salesAnswer>>(),
    fits<ShiftPage>().answeredBy<z.infer<typeof shiftPage>>(),
    fits<TaskPage>().answeredBy<z.infer<typeof taskPage>>(),
    fits<TaskAnswer>().answeredBy<z.infer<typeof doneAnswer | typeof openAnswer>>(),
    fits<KktFaults>().answeredBy<AdaptersFaults>(),
  ]).not.toContain(false)
})

test('the pages know each status and each kind of event, and no other', () => {
  expect([...STATUSES].sort()).toEqual([...ADAPTERS_STATUSES].sort())
  expect([...EVENT_KINDS].sort()).toEqual([...ADAPTERS_KINDS].sort())
})

test('the pages listen to events that the stream has', () => {
  expect(EVENTS.filter((name) => !STREAM_EVENTS.includes(name))).toEqual([])
})

test('a dead letter has what the pages read', async () => {
  const { ask, journal, stop } = startApp()
  const id = await pending(journal)
  await journal.write((tx) => {
    tx.markSyncing(id)
    tx.deadLetter(id, 'refused_by_ofd', 'the OFD answered 422', false)
  })
  const item: Record<keyof DeadLetter, unknown> = {
    receipt_id: id,
    pos_id: 'POS-001',
    reason: 'refused_by_ofd',
    last_error: 'the OFD answered 422',
    retry_count: expect.any(Number),
    fiscal_doc_number: lastFd(),
    total: 100,
    failed_at: expect.any(String),
  }
  const page: Record<keyof DeadLetters, unknown> = { items: [item], next_cursor: null, total: 1 }
  expect((await ask('GET', '/v1/kkt/buffer/dlq')).json).toMatchObject(page)
  await stop()
})

test('the audit log has what the pages read', async () => {
  const { ask, post, stop } = startApp()
  await post(body())
  const { json } = await ask('GET', '/v1/kkt/buffer/events?limit=1')
  const event: Record<keyof AuditEvent, unknown> = {
    id: 3,
    at: expect.any(String),
    kind: 'receipt',
    receipt_id: expect.any(String),
    from: 'printing',
    to: 'pending',
    detail: null,
    by: null,
  }
  const page: Record<keyof Events, unknown> = { events: [event], next_cursor: expect.any(String) }
  expect(json).toMatchObject(page)
  await stop()
})
