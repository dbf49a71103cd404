import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_REQUEST_BYTES } from '../wire/reading.ts'
import { accepted, nothing, results, submission } from '../wire/schema.ts'
import { BAD_BODY, NO_ACCESS, NOT_ACTIVE, READY, REQUEST, refusal, TOO_LARGE, UUID } from './examples.ts'

const UNKNOWN = refusal('It is not known, or its results were deleted.', 404, `Задание ${UUID} не найдено`)
const DOWN = {
  description: 'A fault is on. Other faults give other answers, or none.',
  schema: { type: 'object' },
  example: { error: 'KKT unavailable' },
}

export const requestEntries: Book['operations'] = {
  'POST /api/v2/requests': {
    tag: 'Requests',
    summary: 'Have tasks done',
    description:
      'The tasks are done later, one after another: a look-up tells their results. It is safe to send a request again by the same uuid.',
    parameters: { deviceID: 'default' },
    body: {
      description: 'The tasks.',
      limitBytes: MAX_REQUEST_BYTES,
      hasOwnErrors: true,
      schema: submission,
      examples: {
        'A sale': REQUEST,
        'Opening a shift, told at its end': {
          uuid: '1ba40014-5fa5-11ea-b5e9-037d4786a49d',
          callbacks: { resultUrl: 'http://127.0.0.1:8080/done' },
          request: [{ type: 'openShift', operator: { name: 'Иванова А. А.' } }],
        },
      },
    },
    answers: {
      201: {
        description: 'It is in the queue.',
        schema: accepted,
        example: { number: 1, uuid: UUID, isBlocked: false, blockedUUID: '' },
      },
      400: BAD_BODY,
      401: NO_ACCESS,
      403: NOT_ACTIVE,
      404: refusal('There is no such device.', 404, 'Нет устройства till-9'),
      408: refusal('The driver is busy. Only where tasks are checked before they are taken.', 408, 'Драйвер занят'),
      409: refusal('It has come before: look it up.', 409, `Задание ${UUID} уже есть`),
      413: TOO_LARGE,
      420: refusal(
        'A task is none. Only where tasks are checked before they are taken.',
        501,
        'Ошибка разбора задания: поле "type": отсутствует или имеет неверный тип, ожидается строка',
      ),
      503: DOWN,
    },
  },
  'GET /api/v2/requests/{uuid}': {
    tag: 'Requests',
    summary: 'Look a request up',
    parameters: { uuid: UUID },
    answers: {
      200: { description: 'Where its tasks stand.', schema: results, example: { results: [READY] } },
      401: NO_ACCESS,
      403: NOT_ACTIVE,
      404: UNKNOWN,
    },
  },
  'DELETE /api/v2/requests/{uuid}': {
    tag: 'Requests',
    summary: 'Cancel a request that has not begun',
    parameters: { uuid: UUID },
    answers: {
      200: { description: 'It will not be done.', schema: nothing, example: {} },
      401: NO_ACCESS,
      403: NOT_ACTIVE,
      404: UNKNOWN,
      409: refusal('It has begun, or ended.', 409, `Задание ${UUID} уже выполняется или выполнено`),
    },
  },
}
