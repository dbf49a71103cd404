/** The least that takes a receipt over HTTP: it is read, checked and answered, and neither kept nor printed. */
import { receiptBody } from '@kkt/adapter/src/http/receipt_schema.ts'
import { ANY_HOST } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import { FISCAL_DOC } from '../documents.ts'
import { RECEIPT_PATH } from '../sales.ts'

const ANSWER = {
  status: 'printed',
  receipt_id: '01a20425-88ce-7000-be2d-76eab0eb441e',
  fiscal_doc: FISCAL_DOC,
  message: 'Receipt printed successfully',
}

export const receiptApp = new Elysia(ANY_HOST).post(RECEIPT_PATH, () => ANSWER, { parse: 'json', body: receiptBody })
