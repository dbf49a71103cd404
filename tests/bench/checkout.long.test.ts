import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { LONG, newFolder } from '@kkt/platform/testing.ts'
import { KKT_ADAPTER } from '../harness/stack/services.ts'
import { bufferMaker, createCheckout, JOURNAL_ALONE, requireCheckout } from './checkout.ts'
import { createProcesses } from './processes.ts'
import { runLoop } from './run_loop.ts'

const root = resolve(import.meta.dir, '../..')
const folder = newFolder('bench-checkout')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newRow = () => mkdtempSync(join(folder, 'row-'))
const checkoutIn = (path: string) =>
  createCheckout({ root, path, folder: newRow(), newFolder: newRow, processes: createProcesses(folder) })

function countsOf(path: string) {
  const journal = createJournal(openDatabase(path), { clock: systemClock, maxUndelivered: 1 })
  const counts = journal.queries.counts()
  journal.close()
  return counts
}

test('a buffer is made by the journal of the checkout that is measured', async () => {
  const path = join(newRow(), 'buffer.db')
  await bufferMaker(root, root)(path, { synced: 3, pending: 2 })
  expect(countsOf(path)).toMatchObject({ synced: 3, pending: 2 })
  const other = join(newRow(), 'tests/bench/buffers.ts')
  mkdirSync(dirname(other), { recursive: true })
  writeFileSync(other, "export const makeBuffer = () => { throw new Error('Of the other checkout') }")
  const made = bufferMaker(root, resolve(other, '../../..'))(path, { synced: 3, pending: 2 })
  await expect(made).rejects.toThrow('Of the other checkout')
})

test('whether another checkout has the program for the journal alone is known before it is run', () => {
  expect([checkoutIn(root).hasJournalAlone, checkoutIn(folder).hasJournalAlone]).toEqual([true, false])
})

describe('the journal alone', () => {
  const life = ['life', 'synced'] as const
  test.each(LONG ? ([['intake', 'pending'], life] as const) : [life])(
    'takes all receipts through %s, and no other is left',
    async (steps, status) => {
      const path = join(newRow(), 'buffer.db')
      const { count, perSecond, micros } = await runLoop({
        checkout: root,
        program: JOURNAL_ALONE,
        args: [path, steps, 3, 0.01],
      })
      expect(count % 3).toBe(0)
      expect([perSecond > 0, micros > 0]).toEqual([true, true])
      const none = { accepted: 0, printing: 0, unknown: 0, pending: 0, syncing: 0, synced: 0, failed: 0 }
      expect(countsOf(path)).toMatchObject({ ...none, [status]: count })
    },
  )

  test('that fails is told with its reason', async () => {
    const loop = runLoop({ checkout: root, program: JOURNAL_ALONE, args: [folder, 'life', 1, 1] })
    await expect(loop).rejects.toThrow(`${JOURNAL_ALONE} failed:\n`)
  })
})

describe('a checkout to compare with', () => {
  test('has the adapter and its packages', () => {
    expect(requireCheckout(root)).toBe(root)
    const path = newRow()
    expect(() => requireCheckout(path)).toThrow(`BASE is ${path}: that is no checkout of this project.`)
    mkdirSync(dirname(join(path, KKT_ADAPTER.entry)), { recursive: true })
    writeFileSync(join(path, KKT_ADAPTER.entry), '')
    expect(() => requireCheckout(path)).toThrow(`BASE is ${path}: run bun install there first.`)
  })
})
