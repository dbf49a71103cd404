import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { isRunning, parseRecord, processTable, startTicks } from './processes.ts'
import { until } from './until.ts'

const { PATH = '' } = process.env
let folder = ''
beforeEach(() => {
  folder = newFolder('processes')
})
afterEach(() => rmSync(folder, { recursive: true }))

const launch = (command: string[]) =>
  processTable(`${folder}/processes`).launch('service', {
    command,
    cwd: folder,
    env: { PATH },
    logPath: `${folder}/log`,
    fingerprint: 'same',
  })

test('a process is found again by another command, and ended', async () => {
  const launched = await launch(['sleep', '60'])
  const table = processTable(`${folder}/processes`)
  expect(await table.running()).toEqual([launched])
  expect(launched.fingerprint).toBe('same')
  await table.end(launched)
  expect(await isRunning(launched)).toBe(false)
  expect(await table.running()).toEqual([])
  expect(existsSync(`${folder}/processes/service`)).toBe(false)
})

test('a later process with the same id is not taken for ours', async () => {
  const other = await launch(['sleep', '60'])
  const earlier = { ...other, identity: 'another start' }
  writeFileSync(`${folder}/processes/service`, [earlier.pid, earlier.identity, ''].join('\n'))
  expect(await processTable(`${folder}/processes`).running()).toEqual([])
  await processTable(`${folder}/processes`).end(earlier)
  expect(await isRunning(other)).toBe(true)
  await processTable(`${folder}/processes`).end(other)
})

test('the children of a process end with it', async () => {
  const parent = await launch(['sh', '-c', 'sleep 60 & echo $! > child.new; mv child.new child; wait'])
  const file = `${folder}/child`
  expect(await until(() => existsSync(file), { withinMs: 2_000 })).toBe(true)
  const table = processTable(`${folder}/processes`)
  const child = await table.record('child', Number(readFileSync(file, 'utf8')))
  expect(await isRunning(child)).toBe(true)
  await table.end(parent)
  expect(await until(async () => !(await isRunning(child)), { withinMs: 2_000 })).toBe(true)
})

test('the start time is read behind a name with spaces and brackets, and a dead process has none', () => {
  const columns = Array.from({ length: 20 }, (_, i) => `c${i}`).join(' ')
  expect(startTicks(`7 (a) b (c) S ${columns}`)).toBe('c18')
  expect(startTicks(`7 (bun) Z ${columns}`)).toBeUndefined()
})

test('a record that was cut short names no process', async () => {
  expect(await isRunning(parseRecord('service', ''))).toBe(false)
  expect(await isRunning(parseRecord('service', `${process.pid}`))).toBe(false)
})

test('a missing program is reported in a line', async () => {
  await expect(launch(['no-such-program'])).rejects.toThrow(
    'The program no-such-program is missing: install it and try again.',
  )
})
