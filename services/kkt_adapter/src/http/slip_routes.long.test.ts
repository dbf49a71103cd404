import { describe, expect, test } from 'bun:test'
import { Paper } from '@kkt/platform/testing/escpos_reader.ts'
import { readSvg } from '@kkt/platform/testing/qr_reader.ts'
import { z } from 'zod'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { accepted } from '../testing/kit.ts'

const printAnswer = z.object({ receipt_id: z.guid(), fiscal_doc: z.object({ qr_code_data: z.string() }) })

/** An app with one printed receipt. */
async function withReceipt() {
  const app = startApp()
  const { receipt_id, fiscal_doc } = printAnswer.parse((await app.post()).json)
  const path = `/v1/kkt/receipt/${receipt_id}`
  return { ...app, id: receipt_id, path, code: fiscal_doc.qr_code_data }
}

async function bytesOf(app: ReturnType<typeof startApp>['app'], path: string) {
  const answer = await app.handle(new Request(`http://localhost${path}`))
  return { status: answer.status, headers: answer.headers, bytes: await answer.bytes() }
}

const NOBODY = '00000000-0000-7000-8000-000000000000'
const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length))

describe('the slip of a receipt', () => {
  test('is text of 48 columns, unless it is said', async () => {
    const { read, path } = await withReceipt()
    const { status, headers, text } = await read(`${path}/slip`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(text).toMatch(/^ +КАССОВЫЙ ЧЕК \/ ПРИХОД\n/)
    expect(text).toContain('\nИТОГ                                     =100.00\n')
    expect(widest(text)).toBe(48)
    expect((await read(`${path}/slip?format=text&width=48`)).text).toBe(text)
  })

  test('has 32 columns for narrow paper', async () => {
    const { read, path } = await withReceipt()
    expect(widest((await read(`${path}/slip?width=32`)).text)).toBe(32)
  })

  test('is a page, for paper of the same widths, which runs no script and takes no style but its own', async () => {
    const { read, path, code } = await withReceipt()
    for (const [width, paper] of Object.entries({ 32: '58mm', 48: '80mm' })) {
      const { status, headers, text } = await read(`${path}/slip?format=html&width=${width}`)
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      const policy = headers.get('content-security-policy')
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /)
      expect(policy).not.toContain('unsafe')
      expect(text).toContain(`size: ${paper} `)
      expect(readSvg(/<svg[\s\S]*<\/svg>/.exec(text)?.[0] ?? '')).toBe(code)
    }
  })

  test('is bytes for a printer of receipts, with the same lines and the code as a picture', async () => {
    const { app, read, path, code } = await withReceipt()
    for (const width of [32, 48]) {
      const query = `format=escpos&width=${width}`
      const { status, headers, bytes } = await bytesOf(app, `${path}/slip?${query}`)
      expect([status, headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
      const { lines, codes } = new Paper(bytes)
      expect(codes).toEqual([code])
      const { text } = await read(`${path}/slip?width=${width}`)
      expect(text.replaceAll('×', 'x')).toStartWith(`${lines.slice(0, lines.indexOf('')).join('\n')}\n`)
    }
  })

  test('of a refund has the sign of the document that it answers to, as far as that is known', async () => {
    const { read, post, id } = await withReceipt()
    const [sold = ''] = (await read(`/v1/kkt/receipt/${id}`)).text.match(/(?<="fiscal_sign":")\d+/) ?? []
    const attributes = async (refund_of: unknown) => {
      const { receipt_id } = printAnswer.parse((await post(body({ type: 'refund', refund_of }))).json)
      return (await read(`/v1/kkt/receipt/${receipt_id}/slip`)).text.match(/(?<=\nДОП. РЕКВИЗИТ ЧЕКА ).*/g)
    }
    expect(await attributes({ receipt_id: id })).toEqual([sold])
    expect(await attributes({ fn: '9999078900000961', fd: 12, fpd: '0024109209' })).toEqual(['0024109209'])
    expect(await attributes({ receipt_id: NOBODY })).toBeNull()
  })

  test("says that it is no fiscal receipt where the KKT is a mock, and does not where it isn't", async () => {
    const { read, path, kkt } = await withReceipt()
    const notices = async () => (await read(`${path}/slip`)).text.match(/НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ/g)
    expect(await notices()).toBeNull()
    kkt.isMock = true
    expect(await notices()).toHaveLength(2)
  })

  test('is had of a document that is not on paper yet', async () => {
    const { kkt, post, read } = startApp()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    const { receipt_id } = z.object({ receipt_id: z.guid(), paper: z.literal('missing') }).parse((await post()).json)
    expect((await read(`/v1/kkt/receipt/${receipt_id}/slip`)).status).toBe(200)
  })
})

test('the QR code is an SVG picture that a reader can read', async () => {
  const { read, path, code } = await withReceipt()
  const { status, headers, text } = await read(`${path}/qr.svg`)
  expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8'])
  expect(headers.get('content-security-policy')).toBe("default-src 'none'")
  expect(readSvg(text)).toBe(code)
})

test('no cache keeps a slip or a code', async () => {
  const { read, path } = await withReceipt()
  for (const what of ['slip', 'slip?format=html', 'slip?format=escpos', 'qr.svg']) {
    const { headers } = await read(`${path}/${what}`)
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
})

describe.each(['slip', 'slip?format=html', 'slip?format=escpos', 'qr.svg'])('%s', (what) => {
  const refusal = async ({ read }: ReturnType<typeof startApp>, id: string) => {
    const { status, text } = await read(`/v1/kkt/receipt/${id}/${what}`)
    const { code, detail } = problemOf(JSON.parse(text))
    return { status, code, detail }
  }

  test('is 404 for an unknown id, and 422 for what is no id', async () => {
    const app = startApp()
    expect(await refusal(app, NOBODY)).toMatchObject({ status: 404, code: 'receipt_not_found' })
    expect(await refusal(app, '1')).toMatchObject({ status: 422, code: 'invalid_params' })
  })

  test('is 409 for a receipt without a document, and says what it waits for', async () => {
    const app = startApp()
    const { journal } = app
    const without = { status: 409, code: 'no_fiscal_document' }
    const { id } = await accepted(journal)
    expect(await refusal(app, id)).toEqual({
      ...without,
      detail: expect.stringMatching(/is accepted .* waits for the KKT/),
    })
    await journal.write((tx) => tx.markPrinting(id))
    expect(await refusal(app, id)).toEqual({
      ...without,
      detail: expect.stringMatching(/is printing .* at work on it/),
    })
    await journal.write((tx) => tx.recordUnknown(id, 'the reply was lost'))
    expect(await refusal(app, id)).toEqual({
      ...without,
      detail: expect.stringMatching(/is unknown .* answer was lost/),
    })
    const other = await accepted(journal)
    await journal.write((tx) => {
      tx.markPrinting(other.id)
      tx.recordRefused(other.id, 'the FN is full')
    })
    expect(await refusal(app, other.id)).toEqual({
      ...without,
      detail: expect.stringMatching(/is refused .* never makes/),
    })
  })

  test('is 503 when the journal cannot be read', async () => {
    const { read, path, journal } = await withReceipt()
    journal.queries.find = () => {
      throw new StorageFailure('SQLITE_IOERR', {})
    }
    const { status, text } = await read(`${path}/${what}`)
    expect([status, problemOf(JSON.parse(text)).code]).toEqual([503, 'journal_unavailable'])
  })
})

test.each([
  'format=pdf',
  'format=',
  'width=40',
  'width=',
  'width=48.5',
  'width=0x20',
  'width=3.2e1',
  'width=wide',
  'width=32&width=48',
  'columns=32',
])('?%s is 422', async (query) => {
  const { read, path } = await withReceipt()
  const { status, text } = await read(`${path}/slip?${query}`)
  expect([status, problemOf(JSON.parse(text)).code]).toEqual([422, 'invalid_query'])
})
