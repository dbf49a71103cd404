import type { AnswerEntry } from '@kkt/platform/docs/book.ts'
import { error } from '../wire/schema.ts'

export const UUID = '0ba40014-5fa5-11ea-b5e9-037d4786a49d'
const AT = '2026-11-22T16:43:06.080Z'

export const OPERATOR = { name: 'Иванова А. А.', vatin: '123654789507' }

export const POSITION = {
  type: 'position',
  name: 'Очки',
  price: 1250,
  quantity: 1,
  amount: 1250,
  measurementUnit: 'piece',
  paymentMethod: 'fullPayment',
  paymentObject: 'commodity',
  tax: { type: 'vat22' },
}

export const SALE = {
  type: 'sell',
  taxationType: 'osn',
  operator: OPERATOR,
  items: [POSITION],
  payments: [{ type: 'electronically', sum: 1250 }],
  total: 1250,
}

export const REQUEST = { uuid: UUID, request: [SALE] }

const FISCAL_PARAMS = {
  fiscalDocumentNumber: 3,
  fiscalDocumentSign: '1494325660',
  fiscalDocumentDateTime: '2026-11-22T19:43:06+03:00',
  fiscalReceiptNumber: 1,
  shiftNumber: 1,
  fnNumber: '9999078900000961',
  registrationNumber: '0000000001002292',
  total: 1250,
  fnsUrl: 'www.nalog.gov.ru',
}

export const READY = {
  status: 'ready',
  error: { code: 0, description: 'Ошибок нет' },
  result: { fiscalParams: FISCAL_PARAMS, warnings: { notPrinted: false } },
}

export const COUNTERS = { requests: 1, unfinished: 0, receipts_made: 1 }

export const CALL = {
  number: 1,
  time: AT,
  operation: 'submit' as const,
  receipt_id: UUID,
  pos_id: null,
  kkt_id: null,
  attempt: 1,
  fault: null,
  effect: true,
  reply_sent: true,
  status: 201,
  under_way: false,
  findings: [],
  task: { type: 'sell', status: 'ready', fd_number: FISCAL_PARAMS.fiscalDocumentNumber },
}

export const LEDGER_ROW = {
  receipt_id: UUID,
  pos_id: null,
  kkt_id: null,
  task_type: 'sell',
  fiscal_doc_number: FISCAL_PARAMS.fiscalDocumentNumber,
  fn_number: FISCAL_PARAMS.fnNumber,
  total: 1250,
  made_at: AT,
}

export const DOCUMENT_ROW = {
  kind: 'receipt',
  fn_number: FISCAL_PARAMS.fnNumber,
  fd_number: FISCAL_PARAMS.fiscalDocumentNumber,
  fiscal_sign: FISCAL_PARAMS.fiscalDocumentSign,
  fiscal_datetime: FISCAL_PARAMS.fiscalDocumentDateTime,
  shift_number: FISCAL_PARAMS.shiftNumber,
  user_attribute: null,
  is_on_paper: true,
  is_sent: false,
}

export const REQUEST_ROW = {
  number: 1,
  uuid: UUID,
  status: 'ready',
  received_at: AT,
  ended_at: AT,
  tasks: [{ task: SALE, ...READY }],
}

/** Errors in the service's own form. */
export const refusal = (description: string, code: number, words: string): AnswerEntry => ({
  description,
  schema: error,
  example: { error: { code, description: words } },
})

export const NO_ACCESS = refusal(
  'It does not say who calls, or not rightly.',
  505,
  'Нет доступа: неверное имя пользователя или пароль',
)
export const NOT_ACTIVE = refusal(
  'No device is active.',
  403,
  'Нет активного устройства: активируйте его (activateDevice)',
)
export const BAD_BODY = refusal(
  'The body is not JSON, or a field is missing or wrong.',
  501,
  'Неверный формат: uuid должно быть текстом',
)
export const TOO_LARGE = refusal('The body is larger than this route takes.', 501, 'Тело больше 1048576 байт')
