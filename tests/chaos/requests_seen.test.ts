import { expect, test } from 'bun:test'
import { requestUuid } from '@kkt/adapter/src/kkt/atol/requests.ts'
import { ID, OTHER_ID } from '@kkt/adapter/src/testing/atol_answers.ts'
import { RequestsSeen } from './requests_seen.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString()
/** The first and the second asking for a receipt. */
const ATTEMPTS = [1, 2].map((number) => ({ id: ID, number }))

function seen(...requests: [id: typeof ID, number: number, received: number, ended: number | null][]) {
  const all = new RequestsSeen()
  for (const [id, number, received, ended] of requests) {
    const times = { received_at: at(received), ended_at: ended === null ? null : at(ended) }
    all.note([{ uuid: requestUuid(id, number), ...times }])
  }
  return all
}

test('invariant 3: a second asking behind the end of the first is right', () => {
  expect(seen([ID, 1, 0, 1], [ID, 2, 1, 2]).overlaps(ATTEMPTS)).toEqual([])
})

test('invariant 3: a second asking while the first is under way is told', () => {
  expect(seen([ID, 1, 0, 2], [ID, 2, 1, 3]).overlaps(ATTEMPTS)).toEqual([
    `the register was asked for ${ID} a second time or later at ${at(1)}, and the time before ended at ${at(2)}`,
  ])
})

test('askings for other receipts, and those whose end was lost with the queue, tell nothing', () => {
  expect(seen([OTHER_ID, 1, 0, 2], [ID, 2, 1, 3]).overlaps(ATTEMPTS)).toEqual([])
  expect(seen([ID, 1, 0, null], [ID, 2, 1, 3]).overlaps(ATTEMPTS)).toEqual([])
})

test('a request counts from the first time that it came, and ends with the last', () => {
  const all = seen([ID, 1, 0, 1], [ID, 1, 4, 5], [ID, 2, 3, 6])
  expect(all.overlaps(ATTEMPTS)).toHaveLength(1)
})
