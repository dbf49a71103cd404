import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { receiptFaults } from './catalogue.ts'
import { countOf, nearMiss } from './goal.ts'
import { createFaultKit } from './kit.ts'

/** `asked`: the receipts that the ledger was asked about, each time it was. */
function build() {
  const asked: (string | null)[] = []
  const ledger = {
    keptAtMost: 100,
    count: () => 0,
    counts: (receiptId: string | null) => {
      asked.push(receiptId)
      return receiptId !== 'b'
    },
    list: () => [],
    counters: () => ({}),
    reset: () => undefined,
    saved: () => [],
    savedForm: z.unknown().transform(() => ({ restore: () => undefined })),
  }
  const kit = createFaultKit({
    service: 'KKT',
    counted: 'receipts',
    catalogue: receiptFaults,
    clock: new TestClock(),
    ledger,
  })
  const take = async (receiptId: string) => {
    const visit = kit.begin(new Request('http://localhost/'), 'submit')
    await visit.arrive(receiptId, null)
    visit.took(true)
    await visit.answer(201, {})
  }
  return { kit, take, asked }
}

const about = (receipt_id: string) => ({ counter: 'receipts', target: 1, filter: { receipt_id }, timeoutMs: 0 })

test('the ledger is asked only about calls that fit, because it has to look up each', async () => {
  const { kit, take, asked } = build()
  for (const id of ['a', 'b', 'c']) await take(id)
  expect([countOf(about('a'), kit), countOf(about('b'), kit)]).toEqual([1, 0])
  expect(asked).toEqual(['a', 'b'])
  expect(countOf({ ...about('a'), counter: 'calls' }, kit)).toBe(1)
  expect(asked).toEqual(['a', 'b'])
})

test('a report tells of a call why it is none: that it does not fit, or that it is none of those counted', async () => {
  const { kit, take } = build()
  for (const id of ['a', 'b']) await take(id)
  expect(nearMiss(about('b'), kit).last_calls.map(({ why_not }) => why_not)).toEqual([
    ['its receipt_id is a'],
    ['it is none of the receipts'],
  ])
})
