import { describe, expect, test } from 'bun:test'
import { parseRequest, type StackRequest } from './args.ts'
import {
  drivesOwnRegister,
  REGISTER_IN_COMPOSE,
  registerSettings,
  requireItsRegister,
  withItsRegister,
} from './own_register.ts'
import { type Found, missingServices, suiteEnvironment } from './stack.ts'

const MERGED = { KKT_MODE: 'mock', KKT_URL: '', MOCK_KKT_PORT: '16732', KKT_ID: 'KKT-001' }
const LOCALLY = 'http://127.0.0.1:16732'
const ON_REGISTER = { ...MERGED, KKT_MODE: 'atol', KKT_URL: LOCALLY }

const up = (running: Found['running'], settings: Found['settings']): Found => ({
  running,
  settings,
  startedAtMs: 0,
  reloads: false,
  from: '/checkout',
})
const sellingInside = up(['kkt_adapter'], MERGED)
const beside = up(['kkt_adapter', 'mock_kkt'], MERGED)
const selling = up(['kkt_adapter', 'mock_kkt'], ON_REGISTER)

const asked = (env: Record<string, string>): StackRequest => {
  const request = parseRequest(['up'], env)
  if (request.command === 'help') throw new Error('help was not asked for')
  return request
}
const start = (how: Partial<Parameters<typeof registerSettings>[1]> = {}) =>
  registerSettings(MERGED, { mode: 'local', given: [], found: undefined, ...how })

describe('the adapter of a stack with a register of its own', () => {
  test.each([
    ['local', LOCALLY],
    ['compose', REGISTER_IN_COMPOSE],
  ] as const)('sells on it in %s mode', (mode, KKT_URL) => {
    const settings = start({ mode })
    expect(settings).toEqual({ ...MERGED, KKT_MODE: 'atol', KKT_URL })
    expect(drivesOwnRegister(settings)).toBe(true)
  })

  test('keeps the mock inside it where the user says so, and a later start keeps that', () => {
    expect(start({ given: [{ KKT_MODE: 'mock' }, {}] })).toEqual(MERGED)
    expect(start({ found: beside })).toEqual(MERGED)
    expect(start({ found: selling })).toEqual(ON_REGISTER)
  })

  test('is given no other register than the one whose receipts its journal has', () => {
    const refusal = 'The stack is up with KKT_MODE=mock, and its journal has receipts of that register: make down'
    expect(() => start({ found: sellingInside })).toThrow(refusal)
    expect(() => start({ found: beside, given: [{ KKT_MODE: 'atol' }] })).toThrow(refusal)
    expect(() => start({ found: selling, given: [{ KKT_MODE: 'mock' }] })).toThrow('is up with KKT_MODE=atol')
    // A register may come beside the mock later.
    expect(start({ found: sellingInside, given: [{ KKT_MODE: 'mock' }] })).toEqual(MERGED)
  })

  test('is not sent to another address', () => {
    expect(() => start({ given: [{ KKT_URL: 'http://192.168.0.20:16732' }] })).toThrow(
      'KKT_URL is "http://192.168.0.20:16732", and the stack has a cash register of its own (KKT=atol): leave one of the two out.',
    )
    expect(start({ given: [{ KKT_URL: LOCALLY }] })).toEqual(ON_REGISTER)
  })
})

test('a stack that is up keeps its register, and one that lost it is told of and gets it again', () => {
  const dead = up(['kkt_adapter', 'mock_ofd', 'mock_odoo'], ON_REGISTER)
  expect(withItsRegister(asked({}), selling).hasRegister).toBe(true)
  expect(withItsRegister(asked({}), dead).hasRegister).toBe(true)
  expect(withItsRegister(asked({}), sellingInside).hasRegister).toBe(false)
  expect(withItsRegister(asked({ KKT: 'atol' }), undefined).hasRegister).toBe(true)
  expect(missingServices(dead)).toEqual(['mock_kkt'])
})

test('tests of a register are not run on a stack without one', () => {
  expect(() => requireItsRegister(asked({ KKT: 'atol' }), sellingInside)).toThrow(
    'make down, then start it with KKT_MODE=atol',
  )
  for (const found of [undefined, beside, selling]) requireItsRegister(asked({ KKT: 'atol' }), found)
  requireItsRegister(asked({}), sellingInside)
})

test('only the suite that drives the stack is told of its register', () => {
  const run = { args: [], seed: 7, isVerbose: false, isLong: false, isSideBySide: true }
  const told = (drivesStack: boolean, shell: Record<string, string>) =>
    suiteEnvironment({ name: 's', paths: [], drivesStack }, run, shell)
  expect(told(true, {})).toEqual({ SEED: '7', LONG: '0' })
  expect(told(false, {})).toEqual({ SEED: '7', LONG: '0', KKT_MODE: 'mock', KKT_URL: '' })
  expect(told(false, { KKT_MODE: 'atol' })).toMatchObject({ KKT_MODE: 'atol' })
})
