import { expect, test } from 'bun:test'
import { serviceRuntime } from './runtime.ts'

test('a service is started by this Bun, or by the script that starts it on Deno', () => {
  expect(serviceRuntime('/root', { RUNTIME: 'bun' }).command('main.ts', false)).toEqual([
    process.execPath,
    '--no-env-file',
    'main.ts',
  ])
  expect(serviceRuntime('/root', { RUNTIME: 'deno' }).command('main.ts', false)).toEqual([
    '/root/services/start_on_deno',
    'main.ts',
  ])
})

test('an unknown runtime is refused by name', () => {
  expect(() => serviceRuntime('/root', { RUNTIME: 'node' })).toThrow('RUNTIME is "node": it takes one of bun, deno.')
})

test('only Bun restarts a service at every edit', () => {
  expect(serviceRuntime('/root', { RUNTIME: 'bun' }).command('main.ts', true)).toContain('--watch')
  expect(() => serviceRuntime('/root', { RUNTIME: 'deno' }).command('main.ts', true)).toThrow('leave RUNTIME out')
})
