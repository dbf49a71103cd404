import { afterEach, beforeEach, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { COMPOSE_FILES } from './settings.ts'
import { settingsFindings } from './settings_findings.ts'

let root = ''
beforeEach(() => {
  root = newFolder('settings')
  for (const folder of ['services/observe', 'node_modules']) mkdirSync(`${root}/${folder}`, { recursive: true })
  for (const path of COMPOSE_FILES) copyFileSync(resolve(import.meta.dir, '../../..', path), `${root}/${path}`)
  own('')
})
afterEach(() => rmSync(root, { recursive: true }))

const own = (settings: string) => writeFileSync(`${root}/.env.test`, settings)
const found = async (env: Record<string, string> = {}) =>
  (await settingsFindings(root, env)).map(({ state, said }) => `${state}: ${said}`)

test('the defaults, and values that the services take, are ok', async () => {
  expect(await found()).toEqual(['ok: the defaults, and what the shell sets'])
  own('SYNC_INTERVAL=0.5\nOFD_MODE=mock\n')
  expect(await found({ BUFFER_MAX_SIZE: '50', KKT_PRINT_DELAY_MAX: '1' })).toEqual([
    'ok: .env.test sets SYNC_INTERVAL, OFD_MODE',
  ])
})

test('a value that the adapter refuses is wrong, wherever it is set', async () => {
  const said = 'wrong: BUFFER_MAX_SIZE is "fifty": it takes a whole number from 1 to 1000000'
  expect(await found({ BUFFER_MAX_SIZE: 'fifty' })).toEqual([said])
  own('BUFFER_MAX_SIZE=fifty\nRUNTIME=node\nKKT_PRINT_DELAY_MIN=3\n')
  expect(await found()).toEqual(['wrong: RUNTIME is "node": it takes one of bun, deno.', said])
  expect(await found({ BUFFER_MAX_SIZE: '50', RUNTIME: 'bun' })).toEqual([
    'wrong: KKT_PRINT_DELAY_MIN is "3": it takes at most KKT_PRINT_DELAY_MAX, which is 0.2',
  ])
})

test('an unknown name is a note', async () => {
  own('SYNC_INTERVL=3\n')
  expect(await found()).toEqual([
    'note: .env.test sets SYNC_INTERVL, which the stack does not take: did you mean SYNC_INTERVAL=…?',
  ])
})

test('without installed packages the finding says that values are not checked', async () => {
  rmSync(`${root}/node_modules`, { recursive: true })
  expect(await found({ BUFFER_MAX_SIZE: 'fifty' })).toEqual([
    expect.stringMatching(/^ok: .*; their values are checked when the packages are installed$/),
  ])
})

test('a missing .env.test is wrong', async () => {
  rmSync(`${root}/.env.test`)
  expect(await found()).toEqual([expect.stringContaining('wrong: The file .env.test cannot be read')])
})
