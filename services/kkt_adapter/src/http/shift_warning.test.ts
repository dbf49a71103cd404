import { expect, test } from 'bun:test'
import { z } from 'zod'
import { startApp } from '../testing/app_kit.ts'
import { nextFd } from '../testing/kit.ts'
import { shiftDoc } from '../testing/shift_documents.ts'

const answered = z.object({
  receipt_id: z.guid(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
})
const codesIn = (json: unknown) => answered.parse(json).warnings.map(({ code }) => code)

test('the receipt for which the KKT opened the shift says so, and again for the same key; no other does', async () => {
  const { post, ask, kkt, stop } = startApp()
  kkt.onFiscalize = async (_id, make) => {
    const shiftOpened = shiftDoc('shift_opening', nextFd(), 12)
    return { kind: 'done', doc: { ...make(), shiftNumber: 12, receiptNumber: 1 }, paper: 'printed', shiftOpened }
  }
  const first = await post(undefined, 'first')
  expect(codesIn(first.json)).toContain('shift_opened')
  expect(
    answered
      .parse(first.json)
      .warnings.map(({ message }) => message)
      .join(),
  ).toContain('opened shift 12 for this receipt')
  expect((await post(undefined, 'first')).json).toEqual(first.json)
  const { receipt_id: id } = answered.parse(first.json)
  expect(codesIn((await ask('GET', `/v1/kkt/receipt/${id}`)).json)).toContain('shift_opened')
  kkt.onFiscalize = async (_id, make) => ({
    kind: 'done',
    doc: { ...make(), shiftNumber: 13, receiptNumber: 1 },
    paper: 'printed',
  })
  expect(codesIn((await post()).json)).not.toContain('shift_opened')
  await stop()
})
