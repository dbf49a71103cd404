/** The slip of a receipt and its QR code, as a till or a browser gets them. */
import { expect, test } from 'bun:test'
import { Paper } from '@kkt/platform/testing/escpos_reader.ts'
import { readSvg } from '@kkt/platform/testing/qr_reader.ts'
import { adapter, adapterHeaders, urls } from '../harness/clients.ts'
import { expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { item, receipt } from '../harness/receipts.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { sellsOnRegister } from '../harness/under_test.ts'

onHealedStack()

const NAME = 'Прогрессивные линзы с мультипокрытием <1.67>'
const sold = () =>
  receipt({
    items: [item({ name: NAME, price: 1250, quantity: 2 }), item({ price: 149.9 })],
    payments: [
      { type: 'card', amount: 2500 },
      { type: 'cash', amount: 149.9 },
    ],
  })

test('the slip has the document that the till was answered, for either paper', async () => {
  const { receipt_id, fiscal_doc } = await adapter.print(sold())
  const { fiscal_doc_number, fiscal_sign, fn_number, shift_number, receipt_number } = fiscal_doc
  for (const width of [32, 48]) {
    const { status, headers, text } = await adapter.get(`/v1/kkt/receipt/${receipt_id}/slip?width=${width}`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(width)
    for (const known of [
      `СМЕНА ${shift_number} ЧЕК ${receipt_number}`,
      ...[`ФН ${fn_number}`, `ФД ${fiscal_doc_number}`, `ФП ${fiscal_sign}`],
      ...[`ИНН ${fiscal_doc.seller?.inn}`, `РН ККТ ${fiscal_doc.registration_number}`],
    ])
      expect(text).toContain(known)
    const sums = ['=2500.00', '=149.90', '=2649.90', '=149.90', '=2500.00', '=477.85']
    expect<string[] | null>(text.match(/=\d+\.\d\d$/gm)).toEqual(sums)
    // Only of the mock inside it the adapter knows that no document is one by law.
    const isTold = text.startsWith(`${' '.repeat((width - 26) / 2)}НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ\n`)
    expect(isTold).toBe(!sellsOnRegister)
  }
})

test('the page may run nothing, and has the QR code that is a picture by itself, too', async () => {
  const { receipt_id, fiscal_doc } = await adapter.print(sold())
  const page = await adapter.get(`/v1/kkt/receipt/${receipt_id}/slip?format=html`)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+'; /)
  expect(page.text).toContain('&lt;1.67&gt;')
  const picture = await adapter.get(`/v1/kkt/receipt/${receipt_id}/qr.svg`)
  expect(picture.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
  expect(readSvg(picture.text)).toBe(fiscal_doc.qr_code_data)
  expect(page.text).toContain(picture.text.trim())
})

test('a printer of receipts gets bytes with the code as a picture, and the change that the till gave', async () => {
  const { receipt_id, fiscal_doc } = await adapter.print(
    receipt({ items: [item({ price: 149.9 })], payments: [{ type: 'cash', amount: 200 }] }),
  )
  const answer = await fetch(`${urls.adapter}/v1/kkt/receipt/${receipt_id}/slip?format=escpos&width=32`, {
    headers: adapterHeaders,
    signal: AbortSignal.timeout(limits.answerMs),
  })
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  const { lines, codes, cuts } = new Paper(await answer.bytes())
  expect([codes, cuts]).toEqual([[fiscal_doc.qr_code_data], 1])
  expect(lines).toContain('СДАЧА                     =50.10')
})

test('an unknown receipt is a 404, a width that no paper has a 422', async () => {
  const nobody = '/v1/kkt/receipt/00000000-0000-7000-8000-000000000000'
  expect(expectProblem(await adapter.get(`${nobody}/slip`), 404).code).toBe('receipt_not_found')
  expect(expectProblem(await adapter.get(`${nobody}/slip?width=40`), 422).code).toBe('invalid_query')
})
