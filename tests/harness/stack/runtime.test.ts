import { expect, test } from 'bun:test'
import { serviceRuntime } from './runtime.ts'

test('a service is started by this Bun, or by the script that starts it on Deno', () => {
  expect(serviceRuntime('/root', { RUNTIME: 'bun' }).command('main.ts')).toEqual([
    process.execPath,
    '--no-env-file',
    'main.ts',
  ])
  expect(serviceRuntime('/root', { RUNTIME: 'deno' }).command('main.ts')).toEqual([
    '/root/services/start_on_deno',
    'main.ts',
  ])
})

test('another runtime is refused by its name', () => {
  expect(() => serviceRuntime('/root', { RUNTIME: 'node' })).toThrow('RUNTIME is "node": it takes one of bun, deno.')
})
