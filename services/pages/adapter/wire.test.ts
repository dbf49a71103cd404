/** The pages read answers as they are declared in wire.ts. Here the adapter's own answers have to fit those types. */
import { expect, test } from 'bun:test'
import type { z } from 'zod'
import { STATUSES as ADAPTERS_STATUSES } from '../../kkt_adapter/src/domain/state.ts'
import type { statusAnswer } from '../../kkt_adapter/src/http/buffer_status.ts'
import type { healthAnswer } from '../../kkt_adapter/src/http/health_answer.ts'
import type { printAnswer, receiptAnswer, receiptPage } from '../../kkt_adapter/src/http/receipt_answers.ts'
import type { samplesAnswer } from '../../kkt_adapter/src/http/samples_route.ts'
import { STREAM_EVENTS } from '../../kkt_adapter/src/http/stream_routes.ts'
import { EVENT_KINDS as ADAPTERS_KINDS } from '../../kkt_adapter/src/journal/audit.ts'
import type { KktFaults as AdaptersFaults } from '../../kkt_adapter/src/kkt/mock/faults.ts'
import { body, startApp } from '../../kkt_adapter/src/testing/app_kit.ts'
import {
  type BufferStatus,
  EVENT_KINDS,
  EVENTS,
  type Health,
  type KktFaults,
  type PrintAnswer,
  type Receipt,
  type ReceiptPage,
  type Samples,
  STATUSES,
} from './wire.ts'

/** Compiles only where the adapter's answer has all that the pages read. */
const fits = <Read>() => ({ answeredBy: <_Answer extends Read>() => true })

test('answers of the adapter fit the types by which the pages read them', () => {
  expect([
    fits<BufferStatus>().answeredBy<z.infer<typeof statusAnswer>>(),
    fits<Health>().answeredBy<z.infer<typeof healthAnswer>>(),
    fits<Receipt>().answeredBy<z.infer<typeof receiptAnswer>>(),
    fits<ReceiptPage>().answeredBy<z.infer<typeof receiptPage>>(),
    fits<PrintAnswer>().answeredBy<z.infer<typeof printAnswer>>(),
    fits<Samples>().answeredBy<z.infer<typeof samplesAnswer>>(),
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

test('the audit log and the dead letters have what the pages read', async () => {
  const { ask, post, stop } = startApp()
  await post(body())
  const [events, dlq] = await Promise.all([ask('GET', '/v1/kkt/buffer/events'), ask('GET', '/v1/kkt/buffer/dlq')])
  expect(events.json).toMatchObject({
    events: [{ id: 3, kind: 'receipt', from: 'printing', to: 'pending', detail: null }, {}, {}],
  })
  expect(dlq.json).toEqual({ items: [], next_cursor: null, total: 0 })
  await stop()
})
