/** The adapter's app with all its routes, those of the mock KKT's control included. */
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import manifest from '../../package.json' with { type: 'json' }
import { type MockKkt, openMockKkt } from '../kkt/mock/mock_kkt.ts'
import { startApp } from './app_kit.ts'

/** @param options.kkt changes the mock KKT before the routes get it */
export function startWholeApp({ maxSize = 100, kkt = (sound: MockKkt): MockKkt => sound } = {}) {
  const options = { kktNumber: 'KKT-001', printDelayMinMs: 0, printDelayMaxMs: 0 }
  const mockKkt = openMockKkt(openDatabase(':memory:'), options, { clock: new TestClock(), random: () => 0.5 })
  return startApp({ maxSize, mockKkt: kkt(mockKkt), version: manifest.version })
}
