import { afterEach, beforeEach, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { lineReader, showLogs } from './log_files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/logs-`)
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
