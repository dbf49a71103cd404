import { describe, expect, test } from 'bun:test'
import type { TaskWork } from '../../domain/task.ts'
import { OTHER_FN, shiftTotalsAfter } from '../../testing/atol_answers.ts'
import { atolKit } from '../../testing/atol_driver.ts'

type Server = ReturnType<typeof atolKit>['server']

const CLOSE: TaskWork = { kind: 'close_shift', shiftNumber: 12, cashier: null }
const CASH: TaskWork = { kind: 'cash_in', amountKopecks: 115_000, reason: null }
const CASH_OUT: TaskWork = { ...CASH, kind: 'cash_out' }
const REPORT: TaskWork = { kind: 'x_report' }

describe('invariant 14: a task whose POST got no answer', () => {
  test.each([CASH, CASH_OUT, CLOSE])('is sent again where the KKT has counted nothing of it: %j', async (work) => {
    const { perform, server } = atolKit()
    server.postScript.push('lost_before')
    expect(await perform(work)).toMatchObject({ kind: 'done' })
    expect([server.posts.length, server.done.length]).toEqual([2, 1])
  })

  test.each<[TaskWork, string]>([
    [CASH, 'unknown'],
    [CASH_OUT, 'unknown'],
    [REPORT, 'unknown'],
    [CLOSE, 'done'],
  ])(
    'is not sent again where it may be done, because the service may have lost its queue: %j',
    async (work, outcome) => {
      const { perform, server } = atolKit()
      server.postScript.push('forgotten')
      expect(await perform(work)).toMatchObject({ kind: outcome })
      expect([server.posts.length, server.done.length]).toEqual([1, 1])
    },
  )

  test.each<[what: string, happens: (server: Server) => void]>([
    ['is busy', (server) => Object.assign(server, { queryStatus: 408 })],
    ['does not tell its counters', (server) => Object.assign(server, { shiftTotals: () => ({}) })],
    ['has another FN', (server) => server.swapFn(OTHER_FN)],
  ])('is not sent again where the KKT %s by then', async (_what, happens) => {
    const { perform, server } = atolKit()
    server.postScript.push('lost_before')
    server.onQuestion = () => void (server.posts.length > 0 && happens(server))
    expect(await perform(CASH)).toMatchObject({ kind: 'unknown' })
    expect(server.posts).toHaveLength(1)
  })

  test('is not sent again where the KKT did not tell its counters before', async () => {
    const { perform, server } = atolKit()
    server.shiftTotals = () => (server.posts.length === 0 ? {} : shiftTotalsAfter(server.done))
    server.postScript.push('lost_before')
    expect(await perform(CASH)).toMatchObject({ kind: 'unknown' })
    expect(server.posts).toHaveLength(1)
  })
})
