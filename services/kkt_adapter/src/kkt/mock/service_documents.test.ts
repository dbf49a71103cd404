/** The documents that are no receipts: the registration, and the openings and closings of shifts. */
import { describe, expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import { content } from '../../testing/kit.ts'
import { DELAY, FIRST_FD, HOUR_MS, nextId, sale, setUp, setUpInFile, TOKEN } from '../../testing/mock_kkt_kit.ts'

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

  test('is closed and the next one opened by renewing it, with a document each', async () => {
    const { fiscalize, kinds, kkt } = setUp()
    await fiscalize()
    await kkt().renewShift(TOKEN)
    expect(kinds().slice(FIRST_FD)).toEqual(['shift_closing', 'shift_opening'])
    expect(kkt().documents(FIRST_FD, 10)).toMatchObject([{ shiftNumber: 1 }, { shiftNumber: 2 }])
    expect(await fiscalize()).toMatchObject({ fdNumber: 6, shiftNumber: 2, receiptNumber: 1 })
  })

  test('that is closed is only opened by renewing it', async () => {
    const { kinds, kkt } = setUp()
    await kkt().renewShift(TOKEN)
    expect(kinds()).toEqual(['registration', 'shift_opening'])
    expect(await kkt().state()).toMatchObject({ shiftNumber: 1 })
  })

  test('that is closed does not expire', async () => {
    const { clock, fiscalize, kkt } = setUp()
    clock.setWallBy(48 * HOUR_MS)
    expect(await kkt().state()).toMatchObject({ trouble: null })
    expect(await fiscalize()).toMatchObject({ shiftNumber: 1 })
  })

  test('is not renewed by an FN that signs nothing', async () => {
    const { kinds, kkt } = setUp()
    kkt().faults.configure({ fn_full: true, shift_expired: true })
    expect(await kkt().renewShift(TOKEN)).toMatchObject({ kind: 'refused', isLasting: true })
    kkt().faults.configure({ fn_full: false, clock_behind_seconds: 60 })
    expect(await kkt().renewShift(TOKEN)).toMatchObject({ kind: 'refused', isLasting: false })
    expect(kinds()).toEqual(['registration'])
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
