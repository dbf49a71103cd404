import { describe, expect, test } from 'bun:test'
import { receiptResult } from './answers.ts'
import { CLOSE, OPEN, SALE } from './fixtures/fixture.ts'
import { newServer } from './server.ts'
import { deviceStatus, fnStatus, ofdExchangeStatus, shiftStatus } from './state_answers.ts'
import { type Client, clientOf } from './wire.ts'

const DAY_MS = 24 * 3_600_000

const newClient = async () => {
  const client = clientOf(newServer())
  await client.done(SALE)
  return client
}
const lastFd = async (client: Client) =>
  fnStatus.parse((await client.done({ type: 'getFnStatus' })).result).fnStatus.fiscalDocumentNumber
const device = async (client: Client) =>
  deviceStatus.parse((await client.done({ type: 'getDeviceStatus' })).result).deviceStatus
const sold = async (client: Client) => receiptResult.parse((await client.done(SALE)).result).fiscalParams

describe('a condition of the register', () => {
  test.each([
    ['cover_open', [45]],
    ['printer_fault', [46]],
    ['shift_expired', [68, 141]],
    ['fn_broken', [118, 119]],
    ['fn_expired', [120, 136]],
    ['fn_full', [121, 137]],
    ['not_registered', [89, 225]],
  ])('%s refuses a receipt for as long as it lasts', async (fault, codes) => {
    const client = await newClient()
    await client.fail({ [fault]: true })
    const { status, error } = await client.run(SALE)
    expect(status).toBe('error')
    expect(codes).toContain(error?.code ?? 0)
    expect(await lastFd(client)).toBe(3)
    await client.fail({ [fault]: false })
    await client.done(SALE)
  })

  test('is seen in its status', async () => {
    const client = await newClient()
    expect(await device(client)).toMatchObject({ coverOpened: false, paperPresent: true, shift: 'opened' })
    await client.fail({ cover_open: true, paper_out: true, shift_expired: true })
    expect(await device(client)).toMatchObject({ coverOpened: true, paperPresent: false, shift: 'expired' })
  })
})

describe('the FN', () => {
  test('that is swapped has another number, begins at FD 1, and its shift at 1', async () => {
    const client = await newClient()
    const before = await sold(client)
    await client.fail({ fn_swapped: true })
    expect(await lastFd(client)).toBe(1)
    const after = await sold(client)
    expect(after).toMatchObject({ fiscalDocumentNumber: 3, shiftNumber: 1 })
    expect(after.fnNumber).not.toBe(before.fnNumber)
    expect(after.registrationNumber).toBe(before.registrationNumber)
  })

  test('tells the documents that the OFD has not, the first of them, and its time', async () => {
    const client = await newClient()
    const first = ofdExchangeStatus.parse((await client.done({ type: 'ofdExchangeStatus' })).result).status
    // The shift and the sale are unsent; the registration may have gone out when it was made.
    expect(first.notSentCount).toBeGreaterThanOrEqual(2)
    expect(first.notSentFirstDocNumber).toBe(3 - first.notSentCount + 1)
    expect(first.notSentFirstDocDateTime).toBeString()
    await client.done(SALE)
    const next = ofdExchangeStatus.parse((await client.done({ type: 'ofdExchangeStatus' })).result).status
    expect(next).toEqual({ ...first, notSentCount: first.notSentCount + 1 })
  })

  test('signs nothing once the OFD has been without its documents for thirty days', async () => {
    const client = await newClient()
    const before = ofdExchangeStatus.parse((await client.done({ type: 'ofdExchangeStatus' })).result).status
    await client.fail({ unsent: { days: 31 } })
    const { status, error } = await client.run(SALE)
    expect({ status, isOfTheOfd: [139, 140].includes(error?.code ?? 0) }).toEqual({ status: 'error', isOfTheOfd: true })
    const after = ofdExchangeStatus.parse((await client.done({ type: 'ofdExchangeStatus' })).result).status
    const ageMs = Date.parse(before.notSentFirstDocDateTime ?? '') - Date.parse(after.notSentFirstDocDateTime ?? '')
    expect(Math.round(ageMs / DAY_MS)).toBe(31)
  })
})

describe('a clock', () => {
  test('that is behind the last document lets none be made, and is set right in a closed shift', async () => {
    const client = await newClient()
    await client.done(CLOSE)
    await client.fail({ clock_off: { seconds: -7200 } })
    const { status, error } = await client.run(SALE)
    expect(status).toBe('error')
    expect([35, 36, 122, 142]).toContain(error?.code ?? 0)
    expect(await lastFd(client)).toBe(4)
    await client.done({ type: 'setDateTime', dateTime: '2026.01.31 15:30:00' })
    await client.done(SALE)
  })

  test('that is ahead is seen in its status, and in its documents', async () => {
    const client = await newClient()
    const before = Date.parse((await device(client)).currentDateTime)
    await client.fail({ clock_off: { seconds: 3600 } })
    const after = Date.parse((await device(client)).currentDateTime)
    expect(Math.round((after - before) / 60_000)).toBe(60)
  })

  test('is not set while a shift is open', async () => {
    const client = await newClient()
    const set = await client.run({ type: 'setDateTime', dateTime: '2026.01.31 16:00:00' })
    expect(set.status).toBe('error')
  })
})

test('a shift whose fault is over is open again', async () => {
  const client = clientOf(newServer())
  await client.done(OPEN)
  await client.fail({ shift_expired: true })
  await client.done(CLOSE)
  await client.fail({ shift_expired: false })
  await client.done(SALE)
  const { result } = await client.done({ type: 'getShiftStatus' })
  expect(shiftStatus.parse(result).shiftStatus).toMatchObject({ state: 'opened', number: 2 })
})
