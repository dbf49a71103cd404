import { controlEntries, controlProblems, controlTag } from '@kkt/fault-kit/docs/control_entries.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Book } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { MAX_LISTED } from '../control.ts'
import { CONTROL } from '../service.ts'
import { counters, ledgerRow, requestRow } from '../wire/schema.ts'
import { deviceEntries } from './device_entries.ts'
import { CALL, COUNTERS, DOCUMENT_ROW, LEDGER_ROW, REQUEST, REQUEST_ROW, UUID } from './examples.ts'
import { requestEntries } from './request_entries.ts'
import { serviceEntries } from './service_entries.ts'

const OWN: Book['operations'] = {
  'GET /health': {
    tag: controlTag.name,
    access: 'open',
    summary: 'The counters, and the state of the plainest faults',
    answers: {
      200: {
        description: 'It answers whatever faults are on.',
        example: { status: 'healthy', ...COUNTERS, permanent_failure: false, failure_count: 0 },
      },
    },
  },
  [`GET ${CONTROL}/requests`]: {
    tag: controlTag.name,
    summary: 'The requests that came, with their tasks and results',
    parameters: { limit: 10 },
    answers: {
      200: {
        description: `The newest, ${MAX_LISTED} at most.`,
        schema: z.object({
          count: z.int().meta({ description: 'All that are kept' }),
          requests: z.array(requestRow).meta({ description: 'Oldest first' }),
        }),
        example: { count: 1, requests: [REQUEST_ROW] },
      },
    },
  },
  [`GET ${CONTROL}/documents`]: {
    tag: controlTag.name,
    summary: 'The documents of the FN',
    parameters: { after: 0, limit: 10 },
    answers: { 200: { description: 'Those after a number.', example: { documents: [DOCUMENT_ROW] } } },
  },
  [`POST ${CONTROL}/fn`]: {
    tag: controlTag.name,
    summary: 'Put another FN in',
    description: 'Its documents begin at FD 1. Those of the old one are gone.',
    answers: {
      200: {
        description: 'It is in.',
        example: { old_fn_number: '9999078900000961', new_fn_number: '9999078900000962' },
      },
    },
  },
}

/** The tests' side asks nobody who they are. */
const opened = (entries: Book['operations']): Book['operations'] =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, { ...entry, access: 'open' }]))

/** The words of the mock KKT's OpenAPI document. */
export const kktBook = (kit: FaultKit): Book => ({
  title: 'Mock KKT',
  description:
    "A cash register (KKT) for tests, on the wire of ATOL's Web Requests: it takes tasks, does them one after another, and fails on demand. Older clients find `POST /requests/` and `GET /requests/{uuid}` at the root, too. Nothing of it is certified. Money is in roubles.",
  tags: [
    { name: 'Requests', description: 'Tasks for the register.' },
    { name: 'Service', description: 'The service around it.' },
    { name: 'Devices', description: 'The registers that the service knows. All are this one.' },
    controlTag,
  ],
  problems: controlProblems,
  access: { schemes: { account: { type: 'http', scheme: 'basic' } }, wrong: [] },
  operations: {
    ...requestEntries,
    ...serviceEntries,
    ...deviceEntries,
    ...opened({
      ...OWN,
      ...controlEntries({
        kit,
        prefix: CONTROL,
        call: CALL,
        sent: JSON.stringify(REQUEST),
        counters: { form: counters, example: COUNTERS },
        ledger: { form: ledgerRow, example: LEDGER_ROW, filter: { receipt_id: UUID } },
        emptyLedger: { requests: [] },
      }),
    }),
  },
})
