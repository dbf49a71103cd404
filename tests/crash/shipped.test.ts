import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { bundleOf } from '../harness/bundles.ts'
import { POINTS } from './points.ts'

const root = resolve(import.meta.dir, '../..')

const bundle = (main: string): Buffer => readFileSync(bundleOf(`${root}/${main}`))

const MARKS = [...POINTS, 'CRASH_AT', 'CRASH_COUNT', 'before_commit', 'after_commit', 'before_it_leaves', 'in_flight']

// Bytes are searched faster than a text of this length.
const marksIn = (bytes: Buffer) => MARKS.filter((mark) => bytes.includes(mark))

test('the bundle that ships has no crash points', () => {
  expect(marksIn(bundle('services/kkt_adapter/src/main.ts'))).toEqual([])
  // The search finds them where they are.
  expect(marksIn(bundle('tests/crash/crashing_adapter.ts'))).toContain('CRASH_AT')
})
