import { afterEach, beforeEach, expect, test } from 'bun:test'
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { newFolder } from '@kkt/platform/testing.ts'
import { endOfLog, lineReader, readSince, START_OF_LOG, showLogs } from './log_files.ts'
import { until } from './until.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder('logs')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a line is passed on once it is complete, however it was split', () => {
  const path = `${folder}/a.log`
  const lines: string[] = []
  const readNew = lineReader(path, 0, (line) => lines.push(line))
  readNew()
  const bytes = Buffer.from('один\nдва\n\nthree')
  appendFileSync(path, bytes.subarray(0, 12))
  readNew()
  expect(lines).toEqual(['один'])
  appendFileSync(path, bytes.subarray(12))
  readNew()
  readNew()
  expect(lines).toEqual(['один', 'два', ''])
})

test('earlier lines are left out, and names stand in a column', async () => {
  writeFileSync(`${folder}/a.log`, 'old\nnew\n')
  writeFileSync(`${folder}/b.log`, 'one\n')
  const files = [
    { name: 'a', path: `${folder}/a.log`, fromByte: 4 },
    { name: 'long', path: `${folder}/b.log`, fromByte: 0 },
    { name: 'none', path: `${folder}/none.log`, fromByte: 0 },
  ]
  const lines: string[] = []
  await showLogs(files, { isOver: async () => true, prefixed: true }, (line) => lines.push(line))
  await showLogs(files.slice(0, 1), { isOver: async () => true, prefixed: false }, (line) => lines.push(line))
  expect(lines).toEqual(['a    | new', 'long | one', 'new'])
})

test('lines are shown until the condition holds', async () => {
  const path = `${folder}/a.log`
  let turns = 0
  const isOver = async () => {
    appendFileSync(path, `${turns}\n`)
    return ++turns === 3
  }
  const lines: string[] = []
  await showLogs([{ name: 'a', path, fromByte: 0 }], { isOver, prefixed: false }, (line) => lines.push(line))
  expect(lines).toEqual(['0', '1', '2'])
})

test('a log that was emptied is read from its beginning', () => {
  const path = `${folder}/a.log`
  writeFileSync(path, 'one\ntwo\n')
  const lines: string[] = []
  const readNew = lineReader(path, 0, (line) => lines.push(line))
  readNew()
  truncateSync(path)
  appendFileSync(path, 'three\n')
  readNew()
  appendFileSync(path, 'four\n')
  readNew()
  expect(lines).toEqual(['one', 'two', 'three', 'four'])
})

test('what came since a mark is told, although the log was emptied in between', () => {
  const path = `${folder}/a.log`
  expect(endOfLog(path)).toEqual(START_OF_LOG)
  writeFileSync(path, 'old\n')
  const mark = endOfLog(path)
  appendFileSync(path, 'one\n')
  expect(String(readSince(path, mark))).toBe('one\n')
  writeFileSync(`${path}.1`, 'old\none\n')
  writeFileSync(path, 'two\n')
  expect(String(readSince(path, mark))).toBe('old\none\ntwo\n')
})

test("a command's log stays bounded: it and one before it are kept, and the command goes on writing", async () => {
  const path = `${folder}/a.log`
  const script = 'echo begun >&2; i=0; while [ -e go ]; do i=$((i + 1)); echo "line $i"; sleep 0.01; done'
  writeFileSync(`${folder}/go`, '')
  const env = { ...process.env, LOG_MOST_BYTES: '200', LOG_LOOK_SECONDS: '0.1' }
  const child = Bun.spawn([`${import.meta.dir}/bounded_log`, path, 'sh', '-c', script], { cwd: folder, env })
  const before = () => (existsSync(`${path}.1`) ? readFileSync(`${path}.1`, 'utf8') : '')
  expect(await until(() => before() !== '', { withinMs: 10_000 })).toBe(true)
  const first = before()
  expect(await until(() => before() !== first, { withinMs: 10_000 })).toBe(true)
  expect(await until(() => readFileSync(path, 'utf8').endsWith('\n'), { withinMs: 10_000 })).toBe(true)
  rmSync(`${folder}/go`)
  expect(await child.exited).toBe(0)
  expect(first).toStartWith('begun\nline 1\n')
  expect(before()).not.toContain('line 1\n')
  expect(
    readdirSync(folder)
      .filter((name) => !name.endsWith('.new'))
      .sort(),
  ).toEqual(['a.log', 'a.log.1'])
})
