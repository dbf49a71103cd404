import { afterEach, beforeEach, expect, test } from 'bun:test'
import { chmodSync, rmSync, statSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { findProcesses, localFolders, parseRemembered, remember } from './local_found.ts'
import { processTable } from './processes.ts'

let root = ''
beforeEach(() => {
  root = newFolder('found')
})
afterEach(() => rmSync(root, { recursive: true }))

test('a local stack is found with its settings while one of its services runs', async () => {
  const settings = { SYNC_INTERVAL: '1', KKT_ID: 'a "b" $c' }
  remember({ root, project: 'p', settings, reloads: true })
  expect(await findProcesses(root, 'p')).toBeUndefined()
  const table = processTable(localFolders(root, 'p').processes)
  await table.record('test_runner_unit', process.pid)
  expect(await findProcesses(root, 'p')).toBeUndefined()
  await table.record('mock_ofd', process.pid)
  expect(await findProcesses(root, 'p')).toEqual({
    running: ['mock_ofd'],
    settings,
    reloads: true,
    from: root,
    startedAtMs: expect.any(Number),
  })
  expect(await findProcesses(root, 'other')).toBeUndefined()
})

test('only the user reads the file, because it holds passwords, whoever could read an earlier one', () => {
  const path = `${localFolders(root, 'p').folder}/settings.json`
  const settings = { KKT_PASSWORD: 'Mock-register-1' }
  remember({ root, project: 'p', settings, reloads: false })
  chmodSync(path, 0o644)
  remember({ root, project: 'p', settings, reloads: false })
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600')
})

test('a file that was cut short has no settings', () => {
  const nothing = { settings: {}, reloads: false }
  expect(['', '{"reloads": tr', 'null', '{"reloads": true}'].map(parseRemembered)).toEqual(Array(4).fill(nothing))
})
