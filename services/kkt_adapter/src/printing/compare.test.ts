import { describe, expect, test } from 'bun:test'
import type { FnReceipt, ReceiptId } from '../domain/receipt.ts'
import { content, fiscalDoc } from '../testing/kit.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { kktState } from '../testing/test_kkt.ts'
import { compareWithFn, isAccepted, lossInWords } from './compare.ts'

const FN = fiscalDoc(1).fnNumber
const idOf = (fd: number) => `receipt-${fd}` as ReceiptId
const held = (fd: number): FnReceipt => ({ id: idOf(fd), content: content(), doc: fiscalDoc(fd), paper: 'printed' })

const opening = (fd: number) => shiftDoc('shift_opening', fd, 1)

/** A KKT whose FN holds these documents of receipts, and others up to `lastFd`. Those up to `unreadable` cannot be read. */
function kkt({
  lastFd = 0,
  others = [] as number[],
  unnamed = [] as number[],
  unreadable = 0,
  isAway = false,
  keepsKeys = true,
}) {
  const asked: number[] = []
  const state = { ...kktState(), lastFdNumber: lastFd }
  return {
    asked,
    state: async () => (isAway ? null : state),
    lookupKey: keepsKeys ? async () => ({ kind: 'absent' as const }) : null,
    documentsAfter: async (after: number, limit: number) => {
      asked.push(after)
      const fds = Array.from({ length: lastFd }, (_, i) => i + 1).filter((fd) => fd > after)
      return fds
        .slice(0, limit)
        .filter((fd) => fd > unreadable)
        .map((fd) =>
          others.includes(fd)
            ? { fdNumber: fd, receipt: null, ofShift: opening(fd) }
            : { fdNumber: fd, receipt: unnamed.includes(fd) ? { ...held(fd), id: null } : held(fd), ofShift: null },
        )
    },
  }
}

const journal = ({ through = null as number | null, lacking = [] as number[], asked = 0, unprinted = 0 }) => ({
  knownThrough: (fn: string) => (fn === FN ? through : null),
  lacks: (id: ReceiptId) => lacking.map(idOf).includes(id),
  asked: () => asked,
  unprinted: () => unprinted,
})

describe('invariant 12: a journal compared with its FN', () => {
  test('is whole where the FN holds nothing after its last document, and is asked for no document then', async () => {
    const device = kkt({ lastFd: 7 })
    const found = await compareWithFn(device, journal({ through: 7 }))
    expect(found).toEqual({ kind: 'whole', fnNumber: FN, lastFdNumber: 7, isStrange: false, ofShifts: [] })
    expect(device.asked).toEqual([])
  })

  test('is whole where it knows the receipts of all later documents', async () => {
    expect(await compareWithFn(kkt({ lastFd: 9 }), journal({ through: 7 }))).toMatchObject({ kind: 'whole' })
  })

  test('is behind where it lacks one', async () => {
    const found = await compareWithFn(kkt({ lastFd: 9 }), journal({ through: 5, lacking: [7], unprinted: 2 }))
    expect(found).toEqual({
      kind: 'behind',
      fnNumber: FN,
      lastFdNumber: 9,
      lacking: [held(7)],
      later: [6, 7, 8, 9].map(held),
      ofShifts: [],
      unprinted: 2,
    })
  })

  test('is behind where it lacks one that comes after a whole page that cannot be read', async () => {
    const device = kkt({ lastFd: 701, unreadable: 600 })
    const found = await compareWithFn(device, journal({ through: 5, lacking: [700] }))
    expect(found).toMatchObject({ kind: 'behind', lacking: [held(700)] })
  })

  test('receipts without an id are those that the KKT was asked for, and a loss where there are more of them', async () => {
    const device = kkt({ lastFd: 9, unnamed: [8, 9] })
    expect(await compareWithFn(device, journal({ through: 7, asked: 2 }))).toMatchObject({ kind: 'whole' })
    const behind = await compareWithFn(device, journal({ through: 7, asked: 1 }))
    expect(behind).toMatchObject({ kind: 'behind', lacking: [{ doc: { fdNumber: 8 } }, { doc: { fdNumber: 9 } }] })
  })

  test('receipts without an id that another process has recorded while the FN was read are no loss', async () => {
    const device = kkt({ lastFd: 9, unnamed: [8, 9] })
    const knownThrough = () => (device.asked.length === 0 ? 7 : 9)
    expect(await compareWithFn(device, { ...journal({}), knownThrough })).toMatchObject({ kind: 'whole' })
  })

  test('documents that are no receipts are no loss', async () => {
    const found = await compareWithFn(kkt({ lastFd: 9, others: [8, 9] }), journal({ through: 7, lacking: [8, 9] }))
    expect(found).toMatchObject({ kind: 'whole', ofShifts: [opening(8), opening(9)] })
  })

  test.each([
    ['no document', { lastFd: 0 }, false],
    ['three receipts', { lastFd: 3 }, true],
    ['its registration', { lastFd: 1, others: [1] }, false],
    ['its registration, an empty shift and a receipt in the next', { lastFd: 5, others: [1, 2, 3, 4] }, true],
    ['hundreds of empty shifts', { lastFd: 1201, others: Array.from({ length: 1201 }, (_, i) => i + 1) }, false],
    ['a receipt behind hundreds', { lastFd: 1201, others: Array.from({ length: 1200 }, (_, i) => i + 1) }, true],
  ])('an FN that the journal meets with %s is adopted as it stands', async (_what, held, isStrange) => {
    expect(await compareWithFn(kkt(held), journal({ lacking: [1, 2, 3] }))).toEqual({
      kind: 'whole',
      fnNumber: FN,
      lastFdNumber: held.lastFd,
      isStrange,
      ofShifts: [],
    })
  })

  test('an FN that it meets is asked for no more documents than show a receipt', async () => {
    const device = kkt({ lastFd: 9000, others: [1, 2] })
    await compareWithFn(device, journal({}))
    expect(device.asked).toEqual([0])
  })

  test('an FN that it meets is not read where the KKT keeps no keys', async () => {
    const device = kkt({ lastFd: 9000, keepsKeys: false })
    expect(await compareWithFn(device, journal({}))).toMatchObject({ kind: 'whole', isStrange: false })
    expect(device.asked).toEqual([])
  })

  test('of an FN with very many later documents all are read', async () => {
    const device = kkt({ lastFd: 1203 })
    const found = await compareWithFn(device, journal({ through: 3, lacking: [4, 1203] }))
    expect(found.kind === 'behind' && found.lacking.map(({ doc }) => doc.fdNumber)).toEqual([4, 1203])
    expect(device.asked).toEqual([3, 503, 1003])
  })

  test('cannot be told while the KKT does not answer, at the first question or a later one', async () => {
    expect(await compareWithFn(kkt({ isAway: true }), journal({ through: 1 }))).toEqual({ kind: 'away' })
    const silent = { ...kkt({ lastFd: 2 }), documentsAfter: async () => null }
    expect(await compareWithFn(silent, journal({ through: 1 }))).toEqual({ kind: 'away' })
    expect(await compareWithFn(silent, journal({}))).toEqual({ kind: 'away' })
  })
})

describe('a loss', () => {
  const behind = (fds: number[], lastFdNumber = Math.max(...fds)) => ({
    kind: 'behind' as const,
    fnNumber: FN,
    lastFdNumber,
    later: [],
    ofShifts: [],
    unprinted: 0,
    lacking: fds.map(held),
  })

  test('is told by its FDs, with what an operator may set', () => {
    expect(lossInWords(behind([3, 4, 5, 9], 11))).toBe(
      `The buffer is behind its KKT: FN ${FN} holds receipts that the buffer does not know as printed (4 in all: FD 3-5, 9). The buffer has lost receipts: its WAL was damaged or removed, or an old copy was put back. Restore the newest copy of all its files, or start with ACCEPT_LOSS=${FN}:11, which restores the receipts that the KKT can describe and goes on.`,
    )
  })

  test('of a buffer that has taken receipts since names them, for a copy that is put over it would lose them', () => {
    expect(lossInWords({ ...behind([3], 11), unprinted: 2 })).toContain(
      `It also holds 2 accepted receipts that are not printed yet, and perhaps no copy holds them. Restore the newest copy of all its files if that copy holds them too, or start with ACCEPT_LOSS=${FN}:11, which`,
    )
  })

  test('of very many ranges is told in a line that stays short', () => {
    const fds = Array.from({ length: 30 }, (_, i) => 2 * i + 1)
    expect(lossInWords(behind(fds))).toContain(
      'FD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39 and 10 more ranges',
    )
  })

  test('is accepted by the FN and the last FD that it was told with, and by no other', () => {
    const loss = behind([3], 5)
    expect(isAccepted(loss, { fnNumber: FN, lastFdNumber: 5 })).toBe(true)
    for (const other of [null, { fnNumber: FN, lastFdNumber: 6 }, { fnNumber: '9999000000000002', lastFdNumber: 5 }]) {
      expect(isAccepted(loss, other)).toBe(false)
    }
  })
})
