import { afterAll, expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { POINTS } from './points.ts'

const root = resolve(import.meta.dir, '../..')
const folder = mkdtempSync(join(tmpdir(), 'shipped-'))
afterAll(() => rmSync(folder, { recursive: true }))

function bundle(main: string): string {
  const path = join(folder, 'bundle.js')
  execFileSync(process.execPath, ['build', '--target=bun', join(root, main), `--outfile=${path}`])
  return readFileSync(path, 'utf8')
}

const MARKS = [...POINTS, 'CRASH_AT', 'CRASH_COUNT', 'before_commit', 'after_commit', 'before_it_leaves', 'in_flight']

const marksIn = (text: string) => MARKS.filter((mark) => text.includes(mark))

test('the bundle that ships has no crash points', () => {
  expect(marksIn(bundle('services/kkt_adapter/src/main.ts'))).toEqual([])
  // The search finds them where they are.
  expect(marksIn(bundle('tests/crash/crashing_adapter.ts'))).toContain('CRASH_AT')
})
