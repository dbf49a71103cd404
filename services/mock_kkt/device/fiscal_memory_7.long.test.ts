/** A memory of schema 6, which kept neither the FN's life nor the documents of shifts whole. */
import { expect, onTestFinished, test } from 'bun:test'
import { migrate } from '@kkt/adapter/src/sqlite/migrate.ts'
import { temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { closing, handOne, nextId, sale, setUpInFile, TOKEN } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { openMockKkt } from '../in_process/mock_kkt.ts'
import schema4 from './fiscal_memory.sql' with { type: 'text' }
import schema5 from './fiscal_memory_5.sql' with { type: 'text' }
import schema6 from './fiscal_memory_6.sql' with { type: 'text' }

/** A memory of schema 6 with a receipt, its documents as that version kept them. */
async function written() {
  const { path, fiscalize, kkt } = setUpInFile()
  const [id, newer] = [nextId(), nextId()]
  const { fnNumber } = await fiscalize(id)
  await fiscalize(newer)
  kkt().close()
  const old = temporaryFile('old.db')
  const db = openDatabase(old)
  migrate(db, [schema4, schema5, schema6], 4)
  db.prepare('ATTACH ? AS now').run(path)
  db.exec(`INSERT INTO fn SELECT id, fn_number, signing_key, shift_number, shift_opened_at_ms, registration FROM now.fn;
    INSERT INTO documents SELECT * FROM now.documents;
    UPDATE documents SET doc = json_remove(doc, '$.kind') WHERE kind = 'shift_opening'`)
  db.close()
  return { path: old, ids: [id, newer], fnNumber }
}

function open(path: string, clock = new TestClock()) {
  const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0 }
  const kkt = openMockKkt(openDatabase(path), options, { clock, random: () => 0 })
  onTestFinished(() => kkt.close())
  return kkt
}

test('is taken for confirmed and valid for 36 months, and its open shift is counted', async () => {
  const { path, fnNumber } = await written()
  const kkt = open(path)
  const report = { shift: { kind: 'opened', number: 1 }, totals: { receipts: { sale: { count: 2 } } } }
  expect(await kkt.shiftReport()).toMatchObject({ ...report, drawerKopecks: 20_000 })
  expect(await kkt.state()).toMatchObject({
    fnNumber,
    lastFdNumber: 4,
    unsent: { count: 0, firstFd: null, sinceMs: null },
    fnValidUntil: '2029-01-31',
  })
  expect(await handOne(kkt, sale(nextId()), TOKEN)).toMatchObject({ kind: 'done', doc: { fdNumber: 5 } })
  expect(await kkt.state()).toMatchObject({ unsent: { count: 1, firstFd: 5 } })
})

test('is not stopped by documents that are older than 30 days', async () => {
  const { path } = await written()
  const kkt = open(path, new TestClock(Date.UTC(2026, 4, 1)))
  expect((await kkt.state())?.trouble).toBe('shift_expired')
  const closed = await kkt.perform(closing(1), TOKEN)
  expect(closed).toMatchObject({ kind: 'done', result: { doc: { receiptCount: 2, documentCount: 4 } } })
})

test('does not tell the opening of which it kept only the numbers', async () => {
  const { path, ids } = await written()
  const kkt = open(path)
  for (const id of ids) expect(await kkt.lookup(id, TOKEN)).not.toHaveProperty('shiftOpened')
  expect(await kkt.documentsAfter(0, 10)).toMatchObject([
    { fdNumber: 1, ofShift: null },
    { fdNumber: 2, receipt: null, ofShift: null },
    { fdNumber: 3, receipt: { id: ids[0] } },
    { fdNumber: 4 },
  ])
})
