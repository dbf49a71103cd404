import type { Book } from '@kkt/platform/docs/book.ts'
import { RECEIPT_ID } from './examples.ts'

const TAG = 'Slips'
const HEADERS = { 'Cache-Control': '`no-store`: the answer says what somebody bought.' }
const PROBLEMS = ['receipt_not_found', 'no_fiscal_document', 'journal_unavailable']

export const slipEntries: Book['operations'] = {
  'GET /v1/kkt/receipt/{receipt_id}/slip': {
    tag: TAG,
    summary: 'A fiscalised receipt, to be printed or shown',
    description:
      '`format=escpos` answers bytes that go to a printer of receipts as they are: code page 866, the QR code as a picture, and a cut.',
    parameters: { receipt_id: RECEIPT_ID, format: 'text', width: 32 },
    answers: {
      200: {
        description: 'The slip.',
        headers: HEADERS,
        mediaType: 'text/plain',
        example: '          ООО "ОПТИКА"\n         ИНН 7701234567\n     КАССОВЫЙ ЧЕК / ПРИХОД\n',
        otherTypes: { 'text/html': '<!doctype html>', 'application/octet-stream': '\u001b@\u001bt\u0011' },
      },
    },
    problems: PROBLEMS,
  },
  'GET /v1/kkt/receipt/{receipt_id}/qr.svg': {
    tag: TAG,
    summary: "The QR code of a receipt's document, as a picture",
    parameters: { receipt_id: RECEIPT_ID },
    answers: {
      200: {
        description: 'The picture.',
        headers: HEADERS,
        mediaType: 'image/svg+xml',
        example: '<svg xmlns="http://www.w3.org/2000/svg" />',
      },
    },
    problems: PROBLEMS,
  },
}
