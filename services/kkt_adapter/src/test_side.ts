import type { MockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { mockKktControl } from '@kkt/mock-kkt/in_process/mock_kkt_control.ts'
import type { Ground } from './adapter.ts'
import { ofdUrl } from './config.ts'
import type { NoteCommand } from './http/callers.ts'
import { type TestControlDeps, testControl } from './http/test_control.ts'

/** The parts that a test, or a person who tries the adapter out, may control. `mockKkt` is null where the KKT is a real one. */
export type TestSide = TestControlDeps & { mockKkt: MockKkt | null }

/** Null in production. */
export const testSideOf = (
  { config, mockKkt, pace, clock, sendToOfd }: Ground,
  kktChanged: () => void,
): TestSide | null =>
  config.hasTestControl
    ? {
        mockKkt,
        kktChanged,
        pace,
        ofd: { url: config.ofd.controlUrl ?? ofdUrl(config), clock, send: (request) => sendToOfd(request, 'fresh') },
      }
    : null

/** The adapter's own control and that of its mock KKT. */
export function testSide({ mockKkt, ...deps }: TestSide, noteCommand: NoteCommand) {
  const control = testControl({ ...deps, noteCommand })
  return mockKkt ? control.use(mockKktControl(mockKkt, () => deps.pace.reset())) : control
}
