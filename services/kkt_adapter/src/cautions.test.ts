import { expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { z } from 'zod'
import { tellCautions } from './cautions.ts'
import { parseConfig } from './config.ts'

/** The warnings at the start with these settings. */
function told(env: Record<string, string>, isMock = false) {
  const lines: unknown[] = []
  const logger = createLogger('test', 'warn', (line) => lines.push(JSON.parse(line)))
  tellCautions(parseConfig({ OFD_MODE: 'mock', ...env }), { isMock }, logger)
  return z.array(z.looseObject({ event: z.string() })).parse(lines)
}

test('a real KKT behind a loopback address gives no warning', () => {
  expect(told({})).toEqual([])
  expect(told({ HOST: '::1', OPEN_ACCESS: 'true' })).toEqual([])
})

test('an adapter that everyone reaches says so in one line', () => {
  expect(told({ HOST: '0.0.0.0', OPEN_ACCESS: 'true' })).toEqual([
    expect.objectContaining({ event: 'open_access', host: '0.0.0.0', means: expect.stringContaining('everyone') }),
  ])
})

test('a mock KKT says in one line that its documents are tests', () => {
  expect(told({}, true)).toEqual([
    expect.objectContaining({ event: 'mock_kkt', means: expect.stringContaining('no buyer gets a fiscal receipt') }),
  ])
})
