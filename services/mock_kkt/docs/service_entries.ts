import type { Book } from '@kkt/platform/docs/book.ts'
import { serviceSettings } from '../service_settings.ts'
import { MAX_FORM_BYTES } from '../wire/reading.ts'
import { queryAnswer, queueStatus, serverInfo } from '../wire/schema.ts'
import { BAD_BODY, NO_ACCESS, NOT_ACTIVE, refusal, TOO_LARGE } from './examples.ts'

const SETTINGS = serviceSettings.parse({})

export const serviceEntries: Book['operations'] = {
  'GET /api/v2/serverInfo': {
    tag: 'Service',
    access: 'open',
    summary: 'The service and its versions',
    answers: {
      200: {
        description: 'The versions whose wire it speaks.',
        schema: serverInfo,
        example: {
          serverVersion: '1.0.4.0',
          driverVersion: '10.10.8.0',
          os: 'linux',
          currentDateTime: '2026-11-22T16:43:06.080Z',
        },
      },
    },
  },
  'GET /api/v2/settings': {
    tag: 'Service',
    summary: 'The settings of the service',
    answers: {
      200: { description: 'All of them.', schema: serviceSettings, example: SETTINGS },
      401: NO_ACCESS,
    },
  },
  'PUT /api/v2/settings': {
    tag: 'Service',
    summary: 'Change settings of the service',
    description: 'A setting that is not named stays. A blocked task is asked for at once.',
    body: {
      description: 'The changes.',
      limitBytes: MAX_FORM_BYTES,
      hasOwnErrors: true,
      schema: serviceSettings,
      examples: { 'Stand still without paper': { blockQueueOnPrintErrors: true } },
    },
    answers: {
      200: { description: 'All settings, as they are now.', schema: serviceSettings, example: SETTINGS },
      400: BAD_BODY,
      401: NO_ACCESS,
      413: TOO_LARGE,
    },
  },
  'GET /api/v2/getRequestsQueueStatus': {
    tag: 'Service',
    summary: 'The queue',
    answers: {
      200: {
        description: 'How many requests are where, and whether it stands still.',
        schema: queueStatus,
        example: { number: 0, canceled: 0, ready: 1, isBlocked: false },
      },
      401: NO_ACCESS,
      403: NOT_ACTIVE,
    },
  },
  'POST /api/v2/operations/{query}': {
    tag: 'Service',
    summary: 'Ask the register, past the queue',
    description:
      'It waits until the task at work has ended. The queries are `queryDeviceInfo`, `queryDeviceStatus`, `queryShiftStatus`, `queryShiftTotals`, `queryIncomeTotals`, `queryOutcomeTotals`, `queryReceiptTotals?type=sell`, `queryFnInfo`, `queryFnStatus`, `queryOfdExchangeStatus`, `queryIsmExchangeStatus`, `queryLicenses` and `queryDeviceSettings?ids=1`.',
    parameters: { query: 'queryShiftStatus' },
    answers: {
      200: {
        description: 'The answer, by the query.',
        schema: queryAnswer,
        example: { shiftStatus: { state: 'opened', number: 1 } },
      },
      401: NO_ACCESS,
      403: NOT_ACTIVE,
      404: refusal('There is no such query.', 404, 'Нет запроса queryNothing'),
      408: refusal('The driver was busy for 30 s.', 408, 'Драйвер занят'),
    },
  },
}
