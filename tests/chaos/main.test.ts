import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

test.each([
  [{ MINUTES: 'many' }, 'MINUTES is "many": it takes a number from 0.1 to 600.\n'],
  [{ MINUTES: '0' }, 'MINUTES is "0": it takes a number from 0.1 to 600.\n'],
  [{ MINUTES: '0.5', SEED: '-1' }, 'SEED is "-1": it takes a whole number from 0 to 4294967295.\n'],
])('%p is refused by name, before anything is started', (given, line) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], { env: given, encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: line })
})
