import { lending } from '@kkt/fault-kit/testing/lending.ts'
import { createMockOfd } from '../app.ts'
import { START_MS, using } from '../testing.ts'

/** A mock in its initial state, for one test under `bun test`. It is never on a port. */
export const lend = lending({
  make: createMockOfd,
  reset: ({ app }) => app.handle(new Request('http://localhost/ofd/v1/_test/reset', { method: 'POST' })),
  isIdle: ({ callsUnderWay }) => callsUnderWay() === 0,
})

/** The same, with the operations of a test on it. */
export function build() {
  const { mock, clock, log } = lend(START_MS)
  return using(mock, clock, log)
}
