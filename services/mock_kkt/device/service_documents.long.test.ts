/** The documents that are no receipts: the registration, and the openings and closings of shifts. */
import { describe, expect, test } from 'bun:test'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import {
  closing,
  DELAY,
  FIRST_FD,
  HOUR_MS,
  nextId,
  opening,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { openDatabase } from '#sqlite'

describe('a new FN', () => {
  test('holds its registration, and its shift is closed', async () => {
    const { kinds, kkt } = setUp()
    expect(kinds()).toEqual(['registration'])
    expect(kkt().documents(0, 10)).toMatchObject([{ fdNumber: 1, shiftNumber: 0, isOnPaper: true }])
    expect(await kkt().state()).toMatchObject({ shiftNumber: 0, lastFdNumber: 1, trouble: null })
  })

  test('is registered once, however often and by however many it is opened', () => {
    const { open, reopen, kinds } = setUpInFile()
    open()
    reopen()
    expect(kinds()).toEqual(['registration'])
  })

  test('keeps the data of its registration, which are those of no shop', () => {
    const { path, reopen } = setUpInFile()
    const stored = () => {
      const db = openDatabase(path)
      const row = db.prepare<{ registration: string }>('SELECT registration FROM fn').get()
      db.close()
      return JSON.parse(row?.registration ?? '')
    }
    const first = stored()
    expect(first).toMatchObject({
      registrationNumber: expect.stringMatching(/^\d{16}$/),
      serialNumber: expect.stringMatching(/^TEST\d{10}$/),
      seller: { name: expect.stringContaining('ТЕСТ'), inn: '7700000009' },
      fnsUrl: 'www.nalog.gov.ru',
      ffdVersion: '1.2',
    })
    reopen()
    expect(stored()).toEqual(first)
  })
})

describe('a shift', () => {
  test('is opened by its first receipt, in the same exchange', async () => {
    const { fiscalize, kinds } = setUp()
    expect(await fiscalize()).toMatchObject({ fdNumber: FIRST_FD, shiftNumber: 1, receiptNumber: 1 })
    await fiscalize()
    expect(kinds()).toEqual(['registration', 'shift_opening', 'receipt', 'receipt'])
  })

  test('is opened once for receipts that are handed over together', async () => {
    const { kkt, kinds } = setUp()
    await kkt().fiscalize([sale(nextId()), sale(nextId())], TOKEN)
    expect(kinds()).toEqual(['registration', 'shift_opening', 'receipt', 'receipt'])
  })

  test('is not opened by a receipt of which no document is made', async () => {
    const { path, ask, kinds, kkt } = setUpInFile()
    const other = openDatabase(path)
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON documents WHEN NEW.kind = 'receipt'
      BEGIN SELECT RAISE(ABORT, 'full'); END`)
    expect(await ask()).toMatchObject({ kind: 'unknown' })
    other.close()
    expect(kinds()).toEqual(['registration'])
    expect(await kkt().state()).toMatchObject({ shiftNumber: 0, lastFdNumber: 1 })
  })

  test('is closed by a task, and the next one opened by a receipt, with a document each', async () => {
    const { fiscalize, done, kinds, kkt } = setUp()
    await fiscalize()
    await done(closing(1))
    expect(await fiscalize()).toMatchObject({ fdNumber: 6, shiftNumber: 2, receiptNumber: 1 })
    expect(kinds().slice(FIRST_FD)).toEqual(['shift_closing', 'shift_opening', 'receipt'])
    expect(kkt().documents(FIRST_FD, 2)).toMatchObject([{ shiftNumber: 1 }, { shiftNumber: 2 }])
  })

  test('that is closed is opened by a task', async () => {
    const { done, kinds, kkt } = setUp()
    await done(opening())
    expect(kinds()).toEqual(['registration', 'shift_opening'])
    expect(await kkt().state()).toMatchObject({ shiftNumber: 1 })
  })

  test('that is closed does not expire', async () => {
    const { clock, fiscalize, kkt } = setUp()
    clock.setWallBy(48 * HOUR_MS)
    expect(await kkt().state()).toMatchObject({ trouble: null })
    expect(await fiscalize()).toMatchObject({ shiftNumber: 1 })
  })

  test('is neither closed nor opened by an FN that signs nothing', async () => {
    const { fiscalize, perform, kinds, kkt } = setUp()
    expect(kinds()).toEqual(['registration'])
    kkt().faults.configure({ fn_full: true })
    expect(await perform(opening())).toMatchObject({ kind: 'refused', isLasting: false })
    kkt().faults.reset()
    await fiscalize()
    kkt().faults.configure({ fn_full: true, shift_expired: true })
    expect(await perform(closing(1))).toMatchObject({ kind: 'refused', isLasting: false })
    kkt().faults.configure({ fn_full: false, clock_behind_seconds: 60 })
    expect(await perform(closing(1))).toMatchObject({ kind: 'refused', isLasting: false })
    expect(kinds()).toEqual(['registration', 'shift_opening', 'receipt'])
    expect(kkt().faults.current()).toMatchObject({ shift_expired: true })
  })

  test('has electronic receipts without paper or a printing time', async () => {
    const { kkt, clock } = setUp({ delay: DELAY })
    kkt().faults.configure({ paper_out: true })
    const electronic = { ...content(), customer: { email: 'buyer@mail.example' }, electronic: true }
    const outcomes = await kkt().fiscalize([sale(nextId(), electronic), sale(nextId(), electronic)], TOKEN)
    expect(outcomes).toMatchObject([
      { kind: 'done', paper: 'printed' },
      { kind: 'done', paper: 'printed' },
    ])
    kkt().faults.configure({ paper_out: false })
    expect(await kkt().fiscalize([sale(nextId(), electronic)], TOKEN)).toMatchObject([{ kind: 'done' }])
    expect(clock.waiting).toBe(0)
  })

  test('is opened without paper where there is none', async () => {
    const { ask, kkt } = setUp()
    kkt().faults.configure({ paper_out: true })
    await ask()
    expect(kkt().documents(0, 10)).toMatchObject([
      { isOnPaper: true },
      { kind: 'shift_opening', isOnPaper: false },
      { kind: 'receipt', isOnPaper: false },
    ])
  })
})
