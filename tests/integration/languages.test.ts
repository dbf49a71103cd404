/** A cashier reads Russian, a till's maker English, and a program the code. */
import { expect, test } from 'bun:test'
import { adapter } from '../harness/clients.ts'
import { type Answer, expectBody, expectProblem } from '../harness/http.ts'
import { item, newKey, type Receipt, receipt } from '../harness/receipts.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'
import { usedKkt } from '../harness/used_kkt.ts'
import { receiptAnswer } from '../harness/wire.ts'

onHealedStack()

const RUSSIAN = { 'accept-language': 'ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7' }
const NOBODY = '00000000-0000-7000-8000-000000000000'

const sell = (sold: Receipt, language: Record<string, string>, key = newKey()) =>
  adapter.post('/v1/kkt/receipt', sold, { 'idempotency-key': key, ...language })

const languageOf = ({ headers }: Answer) => [headers.get('content-language'), headers.get('vary')]

const IN_RUSSIAN = ['ru', expect.stringContaining('Accept-Language')]
const IN_ENGLISH = ['en', expect.stringContaining('Accept-Language')]

test('a mistyped price is refused with its place and its fault', async () => {
  const sold = { ...receipt(), items: [{ ...item(), price: -1 }] }
  const [russian, english] = [await sell(sold, RUSSIAN), await sell(sold, {})]
  expect([languageOf(russian), languageOf(english)]).toEqual([IN_RUSSIAN, IN_ENGLISH])
  const [ru, en] = [expectProblem(russian, 422), expectProblem(english, 422)]
  expect(ru).toMatchObject({ code: en.code, title: 'Данные не приняты' })
  expect(ru.detail).toContain('Позиция 1, цена: нужно число от 0')
  const pointer = '/items/0/price'
  expect(ru.errors).toContainEqual({ pointer, message: expect.stringContaining('нужно число от 0') })
  expect(en.errors).toContainEqual({ pointer, message: expect.stringContaining('must be a number not below 0') })
})

test('a key of another sale, and a receipt that there is not', async () => {
  const key = newKey()
  const { receipt_id } = await adapter.print(receipt(), key)
  const reused = await sell(receipt(), RUSSIAN, key)
  expect(expectProblem(reused, 422)).toMatchObject({
    code: 'idempotency_key_reused',
    detail: expect.stringContaining(`уже занят чеком ${receipt_id}`),
  })
  const missing = await adapter.post(`/v1/kkt/buffer/dlq/${NOBODY}/requeue`, undefined, RUSSIAN)
  const told = deliversByKkt
    ? { code: 'dlq_absent', detail: expect.stringContaining('ККТ сама передаёт документы в ОФД') }
    : { code: 'receipt_not_found', detail: `Чека ${NOBODY} в журнале нет.` }
  expect(expectProblem(missing, 404)).toMatchObject({ title: 'Не найдено', ...told })
  expect([reused, missing].map(languageOf)).toEqual([IN_RUSSIAN, IN_RUSSIAN])
})

test('a receipt that the KKT has no paper for, and a warning, are in the language of each request', async () => {
  await usedKkt.trouble({ paper_out: true })
  const sold = { ...receipt(), taxation_system: 'patent' }
  const key = newKey()
  const russian = await sell(sold, RUSSIAN, key)
  expect(languageOf(russian)).toEqual(IN_RUSSIAN)
  const [ru, en] = [russian, await sell(sold, {}, key)].map((answer) => expectBody(answer, 200, receiptAnswer))
  expect(ru?.message).toContain('но не напечатан: проверьте бумагу в ККТ')
  expect(en?.message).toContain("check the KKT's paper")
  const warningIn = (message: string) => ({ code: 'vat_under_patent', message: expect.stringContaining(message) })
  expect(ru?.warnings).toContainEqual(warningIn('а на патенте НДС нет. Укажите «без НДС»'))
  expect(en?.warnings).toContainEqual(warningIn('under the taxation_system patent, which knows no VAT'))
})
