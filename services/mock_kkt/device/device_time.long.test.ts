/** The time in documents: the KKT's own clock, in its own zone. */
import { describe, expect, test } from 'bun:test'
import { HOUR_MS, handOne, nextId, sale, setUp, setUpInFile, TOKEN } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { openMockKkt } from '../in_process/mock_kkt.ts'
import { documentTimes } from './document_time.ts'

const MINUTE_MS = 60_000
/** The TestClock begins at 15:00 in Moscow. */
const at = (time: string) => `2026-01-31T${time}:00+03:00`

describe('the time of a document', () => {
  test.each([
    ['Europe/Moscow', '2026-11-22T13:43:59.999Z', '2026-11-22T16:43:00+03:00', '20261122T1643'],
    ['Europe/Moscow', '2026-12-31T21:00:00Z', '2027-01-01T00:00:00+03:00', '20270101T0000'],
    ['Asia/Kamchatka', '2026-11-22T12:00:00Z', '2026-11-23T00:00:00+12:00', '20261123T0000'],
    ['Europe/Kaliningrad', '2026-11-22T13:43:06Z', '2026-11-22T15:43:00+02:00', '20261122T1543'],
    ['Asia/Kolkata', '2026-11-22T13:43:06Z', '2026-11-22T19:13:00+05:30', '20261122T1913'],
    ['America/St_Johns', '2026-07-01T01:00:00Z', '2026-06-30T22:30:00-02:30', '20260630T2230'],
    ['UTC', '2026-11-22T13:43:06Z', '2026-11-22T13:43:00+00:00', '20261122T1343'],
  ])('in %s at %s', (timeZone, instant, fiscalDatetime, inQrCode) => {
    const time = documentTimes(timeZone)(Date.parse(instant))
    expect(time).toMatchObject({ fiscalDatetime, inQrCode })
    expect(Date.parse(fiscalDatetime)).toBe(time.instantMs)
    expect(Date.parse(instant) - time.instantMs).toBeWithin(0, MINUTE_MS)
  })

  test('in a zone that changed its offset is right on both sides of the change', () => {
    const timeOf = documentTimes('Europe/Moscow')
    const shown = ['2014-10-25T21:59:00Z', '2014-10-25T22:00:00Z'].map((at) => timeOf(Date.parse(at)).fiscalDatetime)
    expect(shown).toEqual(['2014-10-26T01:59:00+04:00', '2014-10-26T01:00:00+03:00'])
  })

  test('is in the zone of the KKT, in the document and in its QR code', async () => {
    const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0, timeZone: 'Asia/Vladivostok' }
    const kkt = openMockKkt(openDatabase(':memory:'), options, { clock: new TestClock(), random: () => 0 })
    const outcome = await handOne(kkt, sale(nextId()), TOKEN)
    const qrCodeData = expect.stringMatching(/^t=20260131T2200&/)
    expect(outcome).toMatchObject({ doc: { fiscalDatetime: '2026-01-31T22:00:00+10:00', qrCodeData } })
  })

  test('in a zone that does not exist stops the opening', () => {
    const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0, timeZone: 'Europe/Nowhere' }
    const open = () => openMockKkt(openDatabase(':memory:'), options, { clock: new TestClock(), random: () => 0 })
    expect(open).toThrow(RangeError)
  })
})

describe("invariant 8: the KKT's own clock", () => {
  test('goes forward with the machine’s, and runs on where that is set back', async () => {
    const { clock, fiscalize } = setUp()
    clock.setWallBy(2 * HOUR_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('17:00'))
    clock.setWallBy(-24 * HOUR_MS)
    await clock.advance(5 * MINUTE_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('17:05'))
    // The correction is taken back: it does not count twice.
    clock.setWallBy(24 * HOUR_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('17:05'))
  })

  test('is never before the last document, also when the device is opened again', async () => {
    const { clock, fiscalize, reopen } = setUpInFile()
    await clock.advance(10 * MINUTE_MS)
    await fiscalize()
    clock.setWallBy(-HOUR_MS)
    reopen()
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:10'))
    await clock.advance(3 * MINUTE_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:13'))
  })

  test('stands still for a correction of seconds, and then goes with the machine’s again', async () => {
    const { clock, fiscalize } = setUp()
    await clock.advance(10 * MINUTE_MS)
    await fiscalize()
    clock.setWallBy(-30_000)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:10'))
    await clock.advance(MINUTE_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:10'))
    await clock.advance(30_000)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:11'))
  })
})

describe('clock_behind_seconds', () => {
  const behind = { kind: 'refused', isLasting: false, reason: expect.stringContaining('set it right') } as const

  test('has the FN refuse, until that clock has reached its last document', async () => {
    const { clock, ask, fiscalize, fds, kkt } = setUp()
    await fiscalize()
    kkt().faults.configure({ clock_behind_seconds: 150 })
    expect(await ask()).toEqual(behind)
    expect(await kkt().state()).toMatchObject({ trouble: 'clock_behind' })
    await clock.advance(150_000 - 1)
    expect(await ask()).toEqual(behind)
    await clock.advance(1)
    expect(await kkt().state()).toMatchObject({ trouble: null })
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:00'))
    expect(fds()).toHaveLength(2)
    await clock.advance(MINUTE_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:01'))
  })

  test('within the minute of the last document is none: an FN keeps minutes', async () => {
    const { clock, fiscalize, kkt } = setUp()
    await clock.advance(59_000)
    await fiscalize()
    kkt().faults.configure({ clock_behind_seconds: 59 })
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:00'))
  })

  test('that ends has documents dated right again', async () => {
    const { clock, ask, fiscalize, kkt } = setUp()
    kkt().faults.configure({ clock_behind_seconds: 600 })
    expect(await ask()).toEqual(behind)
    await clock.advance(20 * MINUTE_MS)
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:10'))
    kkt().faults.reset()
    expect((await fiscalize()).fiscalDatetime).toBe(at('15:20'))
  })
})
