/** The FN's data about its documents beside their numbers, and the FN's owner. */
import { describe, expect, test } from 'bun:test'
import { OthersBuffer } from '@kkt/adapter/src/sqlite/fitness.ts'
import { content, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import {
  closing,
  FIRST_FD,
  keyOf,
  nextId,
  setUp,
  setUpInFile,
  TOKEN,
  token,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { openMockKkt } from '../in_process/mock_kkt.ts'

describe('invariant 2: a look-up by key', () => {
  test('finds what was fiscalised for it, with the sale and the id it had, also after reopening', async () => {
    const { fiscalize, reopen, kkt } = setUpInFile()
    const id = nextId()
    const doc = await fiscalize(id, content('POS-7', 12_345))
    await fiscalize()
    reopen()
    const receipt = { id, doc, content: content('POS-7', 12_345), paper: 'printed' }
    expect(await kkt().lookupKey(keyOf(id), TOKEN)).toMatchObject({ kind: 'found', receipt })
    expect(await kkt().lookupKey(keyOf(nextId()), TOKEN)).toEqual({ kind: 'absent' })
  })

  test('finds the first of more documents than one part of the index holds, and the last', async () => {
    const { fiscalize, kkt } = setUp()
    const ids = Array.from({ length: 201 }, nextId)
    for (const id of ids) await fiscalize(id)
    for (const id of [ids[0], ids[100], ids[200]].filter((one) => one !== undefined))
      expect(await kkt().lookupKey(keyOf(id), TOKEN)).toMatchObject({ kind: 'found', receipt: { id } })
  })

  test('is fenced, may get lost and may meet a KKT that is gone, as that by id', async () => {
    const { fiscalize, kkt } = setUp()
    const id = nextId()
    await fiscalize(id)
    kkt().faults.configure({ lookup_lost: 1 })
    expect(await kkt().lookupKey(keyOf(id), TOKEN)).toMatchObject({ kind: 'unknown' })
    kkt().faults.configure({ gone: true })
    expect(await kkt().lookupKey(keyOf(id), TOKEN)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().documentsAfter(0, 10)).toBeNull()
    kkt().faults.reset()
    await kkt().lookupKey(keyOf(id), token(9))
    expect(await kkt().lookupKey(keyOf(id), token(8))).toMatchObject({ kind: 'outdated', newest: 9 })
  })
})

test('documents are told after an FD, a page at a time, with what was sold', async () => {
  const { fiscalize, kkt } = setUp()
  const ids = [nextId(), nextId(), nextId()]
  for (const id of ids) await fiscalize(id)
  const page = await kkt().documentsAfter(FIRST_FD, 1)
  const second = { id: ids[1], content: content(), paper: 'printed' }
  expect(page).toMatchObject([{ fdNumber: FIRST_FD + 1, receipt: second }])
  expect((await kkt().documentsAfter(FIRST_FD, 10))?.map(({ fdNumber }) => fdNumber)).toEqual([4, 5])
  expect(await kkt().documentsAfter(5, 10)).toEqual([])
})

test('documents of other kinds are told without a receipt, those of a shift whole', async () => {
  const { fiscalize, done, kkt } = setUp()
  const id = nextId()
  await fiscalize(id)
  await done(closing(1))
  expect(await kkt().documentsAfter(0, 10)).toMatchObject([
    { fdNumber: 1, receipt: null, ofShift: null },
    { fdNumber: 2, receipt: null, ofShift: { kind: 'shift_opening', fdNumber: 2, shiftNumber: 1 } },
    { fdNumber: 3, receipt: { id }, ofShift: null },
    { fdNumber: 4, receipt: null, ofShift: { kind: 'shift_closing', fdNumber: 4, shiftNumber: 1 } },
  ])
})

describe('an FN is one KKT_ID’s', () => {
  const open = (path: string, kktNumber: string) =>
    openMockKkt(
      openDatabase(path),
      { kktNumber, printDelayMinMs: 0, printDelayMaxMs: 0 },
      { clock: new TestClock(), random: () => 0 },
    )

  test('the first claims it, and any other is refused', () => {
    const path = temporaryFile('kkt.db')
    open(path, 'KKT-001').close()
    expect(() => open(path, 'KKT-002')).toThrow(new OthersBuffer('KKT-001', 'KKT-002'))
    open(path, 'KKT-001').close()
  })
})

test('a document whose sale the FN cannot tell is told without it', async () => {
  const { path, fiscalize, kkt } = setUpInFile()
  const id = nextId()
  await fiscalize(id)
  const db = openDatabase(path)
  db.exec('UPDATE documents SET content = NULL, key_hash = NULL')
  db.close()
  expect(await kkt().documentsAfter(2, 10)).toMatchObject([{ fdNumber: FIRST_FD, receipt: { id, content: null } }])
  expect(await kkt().lookupKey(keyOf(id), TOKEN)).toEqual({ kind: 'absent' })
})
