import { afterEach, beforeEach, expect, test } from 'bun:test'
import { chmodSync, chownSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createLogger } from '@kkt/platform/logger.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { logFileModes } from '../startup.ts'
import { closeToOthers } from './file_modes.ts'

const NOBODY = 65_534

let folder = ''
beforeEach(() => {
  folder = newFolder('modes')
})
afterEach(() => rmSync(folder, { recursive: true }))

function make(name: string, mode: number): string {
  const path = `${folder}/${name}`
  writeFileSync(path, '')
  chmodSync(path, mode)
  return path
}
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('files and a folder that are the own ones of the adapter are left as they are', () => {
  const paths = [make('buffer.db', 0o600), make('kkt.db', 0o400)]
  expect(closeToOthers(paths)).toEqual({ tightened: [], left: [] })
  expect([...paths, folder].map(modeOf)).toEqual(['600', '400', '700'])
})

test('each file that others may read or write is closed, and so is the folder', () => {
  const loose = [make('buffer.db', 0o644), make('buffer.db-wal', 0o660), make('buffer.db-shm', 0o601)]
  const kkt = make('kkt.db', 0o600)
  chmodSync(folder, 0o755)
  expect(closeToOthers([loose[0] ?? '', kkt])).toEqual({ tightened: [...loose, folder], left: [] })
  expect([...loose, kkt, folder].map(modeOf)).toEqual(['600', '600', '600', '600', '700'])
})

test('a folder with other files is left, and told where others may write to it', () => {
  const path = make('buffer.db', 0o644)
  make('notes.txt', 0o644)
  const after = (mode: number) => {
    chmodSync(folder, mode)
    return [closeToOthers([path]).left, (statSync(folder).mode & 0o7777).toString(8)]
  }
  expect(after(0o755)).toEqual([[], '755'])
  expect(after(0o777)).toEqual([[folder], '777'])
  expect(after(0o1777)).toEqual([[], '1777'])
  expect(modeOf(path)).toBe('600')
})

test('a folder that is shared as /tmp is stays so, though nothing else is in it yet', () => {
  const path = make('buffer.db', 0o644)
  chmodSync(folder, 0o1777)
  expect(closeToOthers([path])).toEqual({ tightened: [path], left: [] })
  expect([(statSync(folder).mode & 0o7777).toString(8), modeOf(path)]).toEqual(['1777', '600'])
})

test.skipIf(process.getuid?.() !== 0)("another user's file is told and left", () => {
  const path = make('buffer.db', 0o600)
  chownSync(path, NOBODY, NOBODY)
  expect(closeToOthers([path])).toEqual({ tightened: [], left: [path] })
  expect(modeOf(path)).toBe('600')
})

test('nothing is told of files that are not there', () => {
  expect(closeToOthers([`${folder}/none/buffer.db`])).toEqual({ tightened: [], left: [] })
})

test('the log has one line of what was closed, and one of what could not be', () => {
  const elsewhere = `${folder}/disk`
  mkdirSync(elsewhere)
  const target = make('disk/buffer.db', 0o644)
  symlinkSync(target, `${folder}/link.db`)
  const kkt = make('kkt.db', 0o644)
  chmodSync(folder, 0o777)
  const lines: unknown[] = []
  const logger = createLogger('test', 'info', (line) => lines.push(JSON.parse(line)))
  logFileModes([`${folder}/link.db`, kkt], logger)
  expect(lines).toMatchObject([
    { level: 'warn', event: 'files_closed_to_others', paths: `${target} ${kkt} ${elsewhere}` },
    { level: 'warn', event: 'files_open_to_others', paths: folder, advice: expect.stringContaining('chmod') },
  ])
  logFileModes([target], logger)
  expect(lines).toHaveLength(2)
})
