import { onTestFinished } from 'bun:test'
import type { Clock } from '@kkt/platform/clock.ts'
import { createLogger, type Logger } from '@kkt/platform/logger.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import type { createKeptLog } from '../testing.ts'

/** @param isIdle whether nothing is under way in the mock */
type Lending<Mock> = {
  make: (deps: { clock: Clock; logger: Logger }) => Mock
  reset: (mock: Mock) => unknown
  isIdle: (mock: Mock) => boolean
}
type Lent<Mock> = { mock: Mock; clock: TestClock; log: Pick<ReturnType<typeof createKeptLog>, 'text'> }

/**
 * Lends a mock to one test, with a clock and a log of the test's own. Building a mock takes longer than most of its
 * tests, so a returned mock is reset and lent again. A mock that is still busy is thrown away.
 */
export function lending<Mock>({ make, reset, isIdle }: Lending<Mock>): (startMs?: number) => Lent<Mock> {
  const free: ReturnType<typeof build>[] = []

  function build() {
    const current = { clock: new TestClock(), lines: [] as string[] }
    const clock: Clock = {
      wallMs: () => current.clock.wallMs(),
      monotonicMs: () => current.clock.monotonicMs(),
      after: (ms, work) => current.clock.after(ms, work),
      wait: (ms, signal) => current.clock.wait(ms, signal),
    }
    const logger = createLogger('test', 'debug', (line) => current.lines.push(line))
    return { mock: make({ clock, logger }), current }
  }

  return (startMs) => {
    const lent = free.pop() ?? build()
    const clock = new TestClock(startMs)
    const lines: string[] = []
    lent.current.clock = clock
    lent.current.lines = lines
    onTestFinished(async () => {
      await reset(lent.mock)
      await settle()
      if (clock.waiting === 0 && isIdle(lent.mock)) free.push(lent)
    })
    return { mock: lent.mock, clock, log: { text: () => lines.join('') } }
  }
}
