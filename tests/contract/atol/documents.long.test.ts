import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { receiptResult } from './answers.ts'
import { CASH_SALE, OPEN, SALE, type Task } from './fixtures/fixture.ts'
import { cash } from './fixtures/others.ts'
import { API } from './routes/route.ts'
import { newServer } from './server.ts'
import { fnDocument, shiftTotals } from './state_answers.ts'
import { checked, clientOf } from './wire.ts'

const CASH_REFUND: Task = { ...CASH_SALE, type: 'sellReturn' }
/** To the minute. */
const MINUTE = 'yyyy-mm-ddThh:mm'.length

describe('a receipt in the FN agrees with the result of its task', () => {
  test.each([
    ['sell', 1],
    ['sellReturn', 2],
    ['buy', 3],
    ['buyReturn', 4],
  ])('%s', async (type, operation) => {
    const client = clientOf(newServer())
    const { fiscalParams: told } = receiptResult.parse((await client.done({ ...SALE, type })).result)
    const read = await client.done({ type: 'getFnDocument', fiscalDocumentNumber: told.fiscalDocumentNumber })
    const { documentTLV: tags, qr = '' } = fnDocument.parse(read.result)

    expect(tags).toMatchObject({ '1020': told.total, '1038': told.shiftNumber, '1042': told.fiscalReceiptNumber })
    expect(String(tags['1041']).trim()).toBe(told.fnNumber)
    expect(String(tags['1037']).trim()).toBe(told.registrationNumber)
    expect(tags['1012'].slice(0, MINUTE)).toBe(told.fiscalDocumentDateTime.slice(0, MINUTE))
    // The sign is the last four of six bytes.
    expect(Number.parseInt(tags['1077'].slice(4), 16)).toBe(Number(told.fiscalDocumentSign))

    const { t, fp, ...others } = Object.fromEntries(new URLSearchParams(qr))
    expect(others).toEqual({ s: '1250.00', fn: told.fnNumber, i: `${told.fiscalDocumentNumber}`, n: `${operation}` })
    expect(Number(fp)).toBe(Number(told.fiscalDocumentSign))
    expect(t?.slice(0, 'yyyymmddThhmm'.length)).toBe(
      told.fiscalDocumentDateTime.slice(0, MINUTE).replaceAll(/[-:]/g, ''),
    )
  })
})

describe('the totals of a shift', () => {
  const DAY = [OPEN, SALE, CASH_SALE, cash('cashIn', 100), CASH_REFUND, cash('cashOut', 50.5)]
  const day = async () => {
    const client = clientOf(newServer())
    for (const task of DAY) await client.done(task)
    return client
  }

  test('are by operation and by the way of paying, with the cash in the drawer', async () => {
    const { result } = await (await day()).done({ type: 'getShiftTotals' })
    expect(shiftTotals.parse(result).shiftTotals).toMatchObject({
      receipts: {
        sell: { sum: 2500, payments: { cash: 1250, electronically: 1250 } },
        sellReturn: { sum: 1250, payments: { cash: 1250, electronically: 0 } },
        buy: { sum: 0 },
        buyReturn: { sum: 0 },
      },
      income: { sum: 100, count: 1 },
      outcome: { sum: 50.5, count: 1 },
      cashDrawer: { sum: 49.5 },
    })
  })

  test('are told beside the queue, too', async () => {
    const client = await day()
    const query = async (name: string) =>
      checked(await client.post(`${API}/operations/${name}`), 200, z.looseObject({}))
    expect(await query('queryIncomeTotals')).toEqual({ incomeTotals: { sum: 100, count: 1 } })
    expect(await query('queryOutcomeTotals')).toEqual({ outcomeTotals: { sum: 50.5, count: 1 } })
    expect(await query('queryReceiptTotals?type=sell')).toMatchObject({
      receiptTotals: { count: 2, payments: { cash: 1250, electronically: 1250 } },
    })
    expect(await query('queryReceiptTotals?type=sellReturn')).toMatchObject({
      receiptTotals: { count: 1, payments: { cash: 1250 } },
    })
  })
})
