import type { MockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { mockKktControl } from '@kkt/mock-kkt/in_process/mock_kkt_control.ts'
import type { Ground } from './adapter.ts'
import { ofdUrl } from './config.ts'
import type { NoteCommand } from './http/callers.ts'
import { type TestControlDeps, testControl } from './http/test_control.ts'

/** The parts that a test, or a person who tries the adapter out, may control. `mockKkt` is null where the KKT is a real one. */
export type TestSide = TestControlDeps & { mockKkt: MockKkt | null }

type SideGround = Pick<Ground, 'config' | 'mockKkt' | 'pace' | 'clock' | 'sendToOfd'>

/** Null in production. */
export const testSideOf = (ground: SideGround, kktChanged: () => void): TestSide | null =>
  ground.config.hasTestControl
    ? { mockKkt: ground.mockKkt, kktChanged, pace: ground.pace, ofd: ofdToSwitch(ground) }
    : null

/** Null where a KKT that delivers by itself reaches an OFD of which the settings say nothing. */
function ofdToSwitch({ config, clock, sendToOfd }: SideGround): TestSide['ofd'] {
  const url = config.ofd.controlUrl ?? (config.delivery === 'http' ? ofdUrl(config) : null)
  return url === null ? null : { url, clock, send: (request) => sendToOfd(request, 'fresh') }
}

/** The parts for which the page has switches, as attributes of its body. */
export const offersOf = (side: TestSide | null) => ({
  'test-control': side !== null,
  'ofd-switch': side !== null && side.ofd !== null,
  'mock-kkt': side !== null && side.mockKkt !== null,
})

/** The adapter's own control and that of its mock KKT. */
export function testSide({ mockKkt, ...deps }: TestSide, noteCommand: NoteCommand) {
  const control = testControl({ ...deps, noteCommand })
  return mockKkt ? control.use(mockKktControl(mockKkt, () => deps.pace.reset())) : control
}
