/** The adapter's app with all its routes, those of the mock KKT's control included. */

import { type MockKkt, openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import manifest from '../../package.json' with { type: 'json' }
import { startApp } from './app_kit.ts'
import { mockKktDatabase } from './memory_database.ts'

type WholeAppOptions = {
  maxSize?: number
  way?: 'http' | 'kkt'
  /** Changes the mock KKT before the routes get it. */
  kkt?: (sound: MockKkt) => MockKkt
  /** Answers as the test control of the OFD. */
  ofdControl?: (request: Request) => Promise<Response>
  access?: NonNullable<Parameters<typeof startApp>[0]>['access']
}

export function startWholeApp({
  maxSize = 100,
  way = 'http',
  kkt = (sound) => sound,
  ofdControl,
  access,
}: WholeAppOptions = {}) {
  const options = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
  const mockKkt = openMockKkt(mockKktDatabase(), options, { clock: new TestClock(), random: () => 0.5 })
  const parts = { maxSize, way, mockKkt: kkt(mockKkt), version: manifest.version }
  return startApp({ ...parts, ...(ofdControl && { ofdControl }), ...(access && { access }) })
}
