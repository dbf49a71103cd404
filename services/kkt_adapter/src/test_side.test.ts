import { expect, test } from 'bun:test'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { paceOf, parseConfig } from './config.ts'
import { PaceKeeper } from './http/pace.ts'
import { offersOf, testSideOf } from './test_side.ts'
import { mockKktDatabase } from './testing/memory_database.ts'

const ATOL = { KKT_MODE: 'atol', KKT_URL: 'http://127.0.0.1:16732', KKT_LOGIN: 'till', KKT_PASSWORD: 'secret' }
const OFD = { OFD_API_URL: 'http://mock_ofd:9000' }

/** The page's offers with these settings. */
function offersWith(settings: Record<string, string>) {
  const clock = new TestClock()
  const config = parseConfig({ TEST_CONTROL: 'true', ...settings })
  const options = { kktNumber: config.kktId, ...config.kkt }
  const isMock = config.kkt.register.kind === 'mock'
  const side = testSideOf(
    {
      config,
      mockKkt: isMock ? openMockKkt(mockKktDatabase(), options, { clock, random: () => 0.5 }) : null,
      pace: new PaceKeeper(paceOf(config), clock),
      clock,
      sendToOfd: async () => new Response(null, { status: 503 }),
    },
    () => undefined,
  )
  const { 'ofd-switch': ofd, 'mock-kkt': kkt } = offersOf(side)
  return { ofd, kkt }
}

test.each<[string, Record<string, string>, ReturnType<typeof offersWith>]>([
  ['the mocks in the process', { OFD_MODE: 'mock' }, { ofd: true, kkt: true }],
  ['a mock OFD on the network', OFD, { ofd: true, kkt: true }],
  ['a register that sends over HTTP', { ...ATOL, ...OFD, DELIVERY: 'http' }, { ofd: true, kkt: false }],
  ['a register that delivers by itself to a mock OFD', { ...ATOL, ...OFD }, { ofd: true, kkt: false }],
  ['a register that delivers by itself to an OFD that is not named', ATOL, { ofd: false, kkt: false }],
  ['such a register beside OFD_MODE=mock', { ...ATOL, OFD_MODE: 'mock' }, { ofd: false, kkt: false }],
  ['no test control', { OFD_MODE: 'mock', TEST_CONTROL: 'false' }, { ofd: false, kkt: false }],
])('the page offers the switches of what is there: %s', (_what, settings, offered) => {
  expect(offersWith(settings)).toEqual(offered)
})
