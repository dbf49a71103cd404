import { describe, expect, test } from 'bun:test'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import {
  closing,
  DELAY,
  FIRST_FD,
  HOUR_MS,
  handOne,
  nextId,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { openMockKkt } from './mock_kkt.ts'

describe('documents', () => {
  test('are numbered without a gap, those of a new FN and of its shift before the receipts, also across reopening', async () => {
    const { fiscalize, reopen } = setUpInFile()
    const numbers: number[] = []
    for (let i = 0; i < 9; i++) {
      numbers.push((await fiscalize()).fdNumber)
      if (i % 3 === 2) reopen()
    }
    expect(numbers).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  test('carry what the KKT and its FN say of themselves, the same after reopening', async () => {
    const { clock, fiscalize, reopen, kkt } = setUpInFile()
    const first = await fiscalize()
    expect(first).toMatchObject({
      fdNumber: FIRST_FD,
      shiftNumber: 1,
      receiptNumber: 1,
      totalKopecks: 10_000,
      kktNumber: 'KKT-007',
      fiscalDatetime: '2026-01-31T15:00:00+03:00',
    })
    expect(first.fnNumber).toMatch(/^9999\d{12}$/)
    expect(first.fiscalSign).toMatch(/^\d{1,10}$/)
    expect(Date.parse(first.fiscalDatetime)).toBe(clock.wallMs())
    reopen()
    expect((await fiscalize()).fnNumber).toBe(first.fnNumber)
    expect(await kkt().state()).toMatchObject({
      kktNumber: 'KKT-007',
      fnNumber: first.fnNumber,
      shiftNumber: 1,
      lastFdNumber: FIRST_FD + 1,
      trouble: null,
    })
  })

  test('have signs of 32 bits in decimal, unlike each other', async () => {
    const { clock, kkt } = setUp()
    const outcomes = Promise.all(Array.from({ length: 200 }, () => handOne(kkt(), sale(nextId()), TOKEN)))
    await clock.advance(0)
    const signs = (await outcomes).map((outcome) => (outcome.kind === 'done' ? outcome.doc.fiscalSign : ''))
    expect(signs.filter((sign) => !/^[1-9]\d*$/.test(sign) || Number(sign) >= 2 ** 32)).toEqual([])
    expect(new Set(signs).size).toBe(200)
    // One sign in two has the highest bit. That none of them has it happens once in 10^60 runs.
    expect(signs.some((sign) => Number(sign) >= 2 ** 31)).toBe(true)
  })

  test('are of two cash registers in two memories, each with its own FN and key', async () => {
    const [one, other] = [setUp(), setUp()]
    const id = nextId()
    const [first, second] = [await one.fiscalize(id), await other.fiscalize(id)]
    expect([first.fdNumber, second.fdNumber]).toEqual([FIRST_FD, FIRST_FD])
    expect(first.fnNumber).not.toBe(second.fnNumber)
    expect(first.fiscalSign).not.toBe(second.fiscalSign)
  })

  test('a receipt that is handed over twice makes two: keeping it from that is the adapter’s business', async () => {
    const { fiscalize, kkt } = setUp()
    const id = nextId()
    const docs = [await fiscalize(id), await fiscalize(id)]
    expect(docs.map(({ fdNumber }) => fdNumber)).toEqual([3, 4])
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({
      kind: 'found',
      doc: docs[0] ?? expect.anything(),
      paper: 'printed',
    })
  })
})

describe('the QR code', () => {
  test.each([
    ['sale', 1],
    ['refund', 2],
  ] as const)('of a %s', async (type, operation) => {
    const { fiscalize } = setUp()
    const doc = await fiscalize(nextId(), { ...content('POS-001', 154_980), type })
    expect(doc.qrCodeData).toBe(`t=20260131T1500&s=1549.80&fn=${doc.fnNumber}&i=3&fp=${doc.fiscalSign}&n=${operation}`)
  })
})

describe('a shift', () => {
  test('lasts 24 hours; no document is made after that until it is closed, and receipts begin at 1 again', async () => {
    const { clock, ask, fiscalize, done, kkt, fds } = setUp()
    const numbers = async () => {
      const { fdNumber, shiftNumber, receiptNumber } = await fiscalize()
      return [fdNumber, shiftNumber, receiptNumber]
    }
    expect([await numbers(), await numbers()]).toEqual([
      [3, 1, 1],
      [4, 1, 2],
    ])
    clock.setWallBy(24 * HOUR_MS - 1)
    expect(await numbers()).toEqual([5, 1, 3])
    clock.setWallBy(1)
    expect(await ask()).toEqual({ kind: 'refused', isLasting: false, reason: 'the shift has expired' })
    expect(await kkt().state()).toMatchObject({ shiftNumber: 1, trouble: 'shift_expired' })
    expect(fds()).toEqual([3, 4, 5])
    await done(closing(1))
    expect(await kkt().state()).toMatchObject({ shiftNumber: 1, trouble: null })
    expect([await numbers(), await numbers()]).toEqual([
      [8, 2, 1],
      [9, 2, 2],
    ])
    clock.setWallBy(24 * HOUR_MS)
    await done(closing(2))
    expect(await numbers()).toEqual([12, 3, 1])
  })

  test('goes on after reopening, as old as it is', async () => {
    const { clock, ask, fiscalize, done, reopen, kkt } = setUpInFile()
    await fiscalize()
    clock.setWallBy(23 * HOUR_MS)
    reopen()
    expect(await fiscalize()).toMatchObject({ shiftNumber: 1, receiptNumber: 2 })
    clock.setWallBy(HOUR_MS)
    reopen()
    expect(await ask()).toMatchObject({ kind: 'refused' })
    await done(closing(1))
    reopen()
    expect(await fiscalize()).toMatchObject({ shiftNumber: 2, receiptNumber: 1 })
    expect(await kkt().state()).toMatchObject({ shiftNumber: 2, lastFdNumber: 7 })
  })
})

describe('invariant 3: a look-up', () => {
  test('finds what was fiscalised, also after reopening, and nothing else', async () => {
    const { fiscalize, reopen, kkt } = setUpInFile()
    const ids = [nextId(), nextId()]
    const docs = [await fiscalize(ids[0]), await fiscalize(ids[1])]
    for (let i = 0; i < 2; i++) {
      for (const [n, id] of ids.entries())
        expect(await kkt().lookup(id, TOKEN)).toMatchObject({
          kind: 'found',
          doc: docs[n] ?? expect.anything(),
          paper: 'printed',
        })
      expect(await kkt().lookup(nextId(), TOKEN)).toMatchObject({ kind: 'absent' })
      reopen()
    }
  })

  test('finds what is signed and not yet printed', async () => {
    const { clock, kkt } = setUp({ delay: DELAY })
    const id = nextId()
    const outcome = handOne(kkt(), sale(id), TOKEN)
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({
      kind: 'found',
      doc: { fdNumber: FIRST_FD },
      paper: 'missing',
    })
    await clock.advance(500)
    expect(await outcome).toMatchObject({ kind: 'done', paper: 'printed' })
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({
      kind: 'found',
      doc: { fdNumber: FIRST_FD },
      paper: 'printed',
    })
  })
})

describe('printing takes', () => {
  for (const [what, random, ms] of [
    ['the shortest time', 0, 200],
    ['a time in between', 0.5, 350],
    ['nearly the longest', 0.999, 499.7],
  ] as const) {
    test(`${what}: ${ms} ms`, async () => {
      const { clock, kkt } = setUp({ delay: DELAY, random })
      let isDone = false
      const outcome = handOne(kkt(), sale(nextId()), TOKEN).then(() => {
        isDone = true
      })
      await clock.advance(ms - 0.001)
      expect(isDone).toBe(false)
      await clock.advance(0.001)
      expect(isDone).toBe(true)
      await outcome
    })
  }
})

describe('a memory that fails', () => {
  test('is an unknown outcome, makes no document, and leaves no gap', async () => {
    const { path, fiscalize, kkt } = setUpInFile()
    await fiscalize()
    const other = openDatabase(path)
    other.exec("CREATE TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'full'); END")
    const id = nextId()
    expect(await handOne(kkt(), sale(id), TOKEN)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'absent' })
    other.exec('DROP TRIGGER full')
    expect(await fiscalize(id)).toMatchObject({ fdNumber: FIRST_FD + 1, receiptNumber: 2 })
  })

  test('is no answer to a look-up, and no state', async () => {
    const { path, kkt } = setUpInFile()
    await settle()
    const other = openDatabase(path)
    other.exec('ALTER TABLE documents RENAME TO elsewhere')
    expect(await kkt().lookup(nextId(), TOKEN)).toMatchObject({ kind: 'unknown' })
    expect(await kkt().state()).toBeNull()
  })

  test('at a COMMIT and at the ROLLBACK after it works again when the disk does', async () => {
    const db = openDatabase(':memory:')
    const failing = new Set<string>()
    const memory = {
      ...db,
      get inTransaction() {
        return db.inTransaction
      },
      exec(sql: string) {
        if (failing.has(sql)) throw new Error(`the disk failed at ${sql}`)
        db.exec(sql)
      },
    }
    const clock = new TestClock()
    const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0 }
    const kkt = openMockKkt(memory, options, { clock, random: () => 0 })
    const id = nextId()
    failing.add('COMMIT').add('ROLLBACK')
    expect(await handOne(kkt, sale(id), TOKEN)).toMatchObject({ kind: 'unknown' })
    failing.clear()
    expect(await kkt.lookup(id, TOKEN)).toMatchObject({ kind: 'absent' })
    const made = handOne(kkt, sale(id), TOKEN)
    await clock.advance(0)
    expect(await made).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD } })
  })
})
