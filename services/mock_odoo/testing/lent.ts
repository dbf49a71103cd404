import { lending } from '@kkt/fault-kit/testing/lending.ts'
import { createMockOdoo } from '../app.ts'

/** A mock in its initial state, for one test under `bun test`. It is never on a port. */
export const lend = lending({
  make: createMockOdoo,
  reset: ({ app }) => app.handle(new Request('http://localhost/api/v1/_test/reset', { method: 'POST' })),
  isIdle: ({ callsUnderWay }) => callsUnderWay() === 0,
})
