/** The page reads answers as they are declared in wire.ts. Here the mocks' own answers have to fit those types. */
import { expect, test } from 'bun:test'
import type { shownCall } from '@kkt/fault-kit/calls.ts'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { documented } from '@kkt/fault-kit/document.ts'
import type { shownWire } from '@kkt/fault-kit/wire.ts'
import { build } from '@kkt/mock-ofd/testing/lent.ts'
import { receipt } from '@kkt/mock-ofd/testing.ts'
import { fieldsOf, initialTexts, valuesOf } from './fields.ts'
import { on, plansOf } from './plan.ts'
import { type Call, EVENTS, type Fault, type Schema, type Wire } from './wire.ts'

/** Compiles only where the mock's answer has all that the page reads. */
const fits = <Read>() => ({ answeredBy: <_Answer extends Read>() => true })

type Documented = ReturnType<typeof documented>

test('answers of the mocks fit the types by which the page reads them', () => {
  expect([
    fits<Call>().answeredBy<ReturnType<typeof shownCall>>(),
    fits<Wire>().answeredBy<ReturnType<typeof shownWire>>(),
    fits<Omit<Fault, 'parameters'>>().answeredBy<Documented>(),
  ]).not.toContain(false)
})

/** A schema as the wire has it. */
const catalogue: readonly Fault[] = receiptFaults.map((fault) => {
  const parameters: Schema = JSON.parse(JSON.stringify(documented(fault).parameters))
  return { ...documented(fault), parameters }
})

test.each(catalogue.map((fault) => [fault.name, fault] as const))(
  'the form of %s begins with its example, and the mock takes what is filled in',
  async (name, fault) => {
    const plan = on(fault, valuesOf(fieldsOf(fault.parameters), initialTexts(fault)))
    const { config } = build()
    const answer = await config({ [name]: plan })
    const byExample = await build().config(fault.example)
    // A mock without a port has no faults of connections.
    const isTaken = byExample.status === 200
    expect([answer.status, plansOf(fault, answer.body[name]).length]).toEqual([byExample.status, isTaken ? 1 : 0])
  },
)

test('a call, whole, and the ledger have what the page reads', async () => {
  const { send, ask } = build()
  await send(receipt(1))
  const [calls, call, taken] = await Promise.all(
    ['calls', 'calls/1', 'receipts?limit=1'].map(async (path) => (await ask('GET', `/ofd/v1/_test/${path}`)).body),
  )
  const shown: Record<Exclude<keyof Call, 'task'>, unknown> = {
    number: 1,
    time: expect.any(String),
    operation: 'submit',
    receipt_id: receipt(1).receipt_id,
    pos_id: 'POS-001',
    kkt_id: 'KKT-001',
    attempt: 1,
    fault: null,
    effect: true,
    findings: [],
    reply_sent: true,
    status: 200,
    under_way: false,
  }
  expect(calls).toMatchObject({ calls: [shown] })
  expect(call).toMatchObject({ wire: { sent: { text: expect.any(String) }, struck: [] }, wire_kept_of: 1000 })
  expect(taken).toMatchObject({ receipts: [{ document: { pos_id: 'POS-001' } }] })
})

test('the stream has each event that the page listens to, as its type', async () => {
  const { app, send, config, reset } = build()
  const { body } = await app.handle(new Request('http://localhost/ofd/v1/_test/stream'))
  if (!body) throw new Error('the stream has no body')
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  await send(receipt(1))
  await config({ seed: 1 })
  await reset()
  let told = ''
  for (let isOver = false; !isOver && !told.includes('event: reset'); ) {
    const { value = '', done } = await reader.read()
    told += value
    isOver = done
  }
  await reader.cancel()
  expect(EVENTS.filter((name) => !told.includes(`event: ${name}\n`))).toEqual([])
})
