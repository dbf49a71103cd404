import { afterAll, expect, test } from 'bun:test'
import { startWholeApp } from '@kkt/adapter/src/testing/whole_app.ts'
import { adapterClient } from './clients.ts'
import { RegisterOperator } from './register_operator.ts'

const FULL = { status: 'unhealthy', trouble: 'fn_full', fn_number: '9999078900000001', untold: 0, unclear_tasks: 0 }

const { app } = startWholeApp()
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) =>
    new URL(request.url).pathname === '/v1/health' ? Response.json({ components: { kkt: FULL } }) : app.handle(request),
})
afterAll(() => server.stop(true))

test('an operator has one turn at a time, and replaces a full FN once', async () => {
  let replaced = 0
  const operator = new RegisterOperator({
    statePath: '',
    isIdle: async () => true,
    replaceFn: async () => {
      replaced += 1
    },
  })
  const adapter = adapterClient(`http://127.0.0.1:${server.port}`)
  const turns = [operator.turn(adapter), operator.turn(adapter)]
  expect(turns[1]).toBe(turns[0])
  await Promise.all(turns)
  // The adapter tells of it for a moment more.
  await operator.turn(adapter)
  expect([replaced, operator.counts.fullFns]).toEqual([1, 1])
})
