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

/** A setting without which each start gives a warning. */
const TOKENS = { API_TOKENS_FILE: '/etc/kkt/tokens' }

test('a real KKT and clients with tokens give no warning', () => {
  expect(told(TOKENS)).toEqual([])
  expect(told({ ...TOKENS, HOST: '0.0.0.0' })).toEqual([])
})

test('an adapter without tokens says in one line who may do everything', () => {
  expect(told({})).toEqual([
    expect.objectContaining({ event: 'open_access', means: expect.stringContaining('every program of this machine') }),
  ])
  expect(JSON.stringify(told({}))).toContain('API_TOKENS_FILE')
})

test('an adapter that everyone reaches says so in one line', () => {
  expect(told({ HOST: '0.0.0.0', OPEN_ACCESS: 'true' })).toEqual([
    expect.objectContaining({ event: 'open_access', host: '0.0.0.0', means: expect.stringContaining('everyone') }),
  ])
})

test('a mock KKT says in one line that its documents are tests', () => {
  expect(told(TOKENS, true)).toEqual([
    expect.objectContaining({ event: 'mock_kkt', means: expect.stringContaining('no buyer gets a fiscal receipt') }),
  ])
})

test('each link to another machine without TLS is told once, and never with its password', () => {
  const env = {
    ...TOKENS,
    OFD_MODE: 'http',
    OFD_API_URL: 'http://user:secret@ofd.example/api',
    ODOO_API_URL: 'http://[2001:db8::1]:8069',
    REDIS_URL: 'redis://:secret@192.168.0.9:6379/0',
  }
  const lines = told(env)
  expect(lines).toEqual([
    expect.objectContaining({ event: 'plain_link', variable: 'OFD_API_URL', host: 'ofd.example' }),
    expect.objectContaining({ event: 'plain_link', variable: 'ODOO_API_URL', host: '2001:db8::1' }),
    expect.objectContaining({ event: 'plain_link', variable: 'REDIS_URL', host: '192.168.0.9' }),
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

test('links with TLS, within the machine or its containers, or that are not used, are not told', () => {
  const near = { ...TOKENS, OFD_MODE: 'http', OFD_API_URL: 'http://mock_ofd:9000', REDIS_URL: 'redis://127.0.0.1' }
  expect(told(near)).toEqual([])
  const secured = {
    ...TOKENS,
    OFD_MODE: 'http',
    OFD_API_URL: 'https://ofd.example',
    REDIS_URL: 'rediss://redis.example',
  }
  expect(told(secured)).toEqual([])
  expect(told({ ...TOKENS, OFD_API_URL: 'http://ofd.example' })).toEqual([])
})

/** A shop's register on its own network. */
const ATOL = { KKT_MODE: 'atol', KKT_URL: 'http://192.168.0.20:16732', KKT_LOGIN: 'kkt', KKT_PASSWORD: 'secret' }

test('a register on another machine is told once, because its password is read on the way', () => {
  const lines = told({ ...TOKENS, ...ATOL })
  expect(lines).toEqual([
    expect.objectContaining({
      event: 'plain_link',
      variable: 'KKT_URL',
      host: '192.168.0.20',
      means: expect.stringContaining('have receipts printed'),
    }),
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
  expect(told({ ...TOKENS, ...ATOL, KKT_URL: 'http://127.0.0.1:16732' })).toEqual([])
})

test('an address of an OFD that the register makes needless is told once', () => {
  const near = { ...TOKENS, ...ATOL, KKT_URL: 'http://127.0.0.1:16732' }
  expect(told({ ...near, OFD_API_URL: 'http://user:secret@ofd.example' })).toEqual([
    expect.objectContaining({
      event: 'setting_ignored',
      variable: 'OFD_API_URL',
      means: expect.stringContaining('DELIVERY=kkt'),
    }),
  ])
})
