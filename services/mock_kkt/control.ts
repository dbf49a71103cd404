import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { integer } from '@kkt/platform/settings.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { RequestJournal } from './journal/requests.ts'
import { shownRequest } from './ledger.ts'
import type { ArchivedDocument, Register } from './register.ts'
import { counters, documentRow, swappedFn } from './wire/schema.ts'

/** The most requests that are listed at once. */
export const MAX_LISTED = 1000

/** The register behind the service, as the control side uses it. */
export type Archive = Pick<Register, 'documentsAfter' | 'replaceFn'>

/** The parts of the control side that only this mock has: its health, its requests, and the register's documents. */
export function controlRoutes(deps: { kit: FaultKit; journal: RequestJournal; register: Archive; prefix: string }) {
  const { kit, journal, register, prefix } = deps
  const health = z.object({
    status: z.literal('healthy').meta({ description: 'Always: health answers whatever faults are on' }),
    ...counters.shape,
    ...kit.faults.healthShape,
  })
  const limit = integer({ min: 1, max: MAX_LISTED }).prefault('100').meta({ description: 'The most that are listed' })
  const counted = () => counters.parse(kit.ledger.counters())

  return new Elysia()
    .get('/health', () => ({ status: 'healthy' as const, ...counted(), ...kit.faults.health() }), {
      response: { 200: health },
    })
    .get(
      `${prefix}/requests`,
      ({ query }) => ({ count: journal.counts().all, requests: journal.newest(query.limit).map(shownRequest) }),
      { query: z.strictObject({ limit }) },
    )
    .get(
      `${prefix}/documents`,
      ({ query }) => ({ documents: register.documentsAfter(query.after, query.limit).map(shownDocument) }),
      { query: z.strictObject({ after, limit }), response: { 200: documentPage } },
    )
    .post(
      `${prefix}/fn`,
      () => {
        const { oldFnNumber, newFnNumber } = register.replaceFn()
        return { old_fn_number: oldFnNumber, new_fn_number: newFnNumber }
      },
      { parse: 'none', response: { 200: swappedFn } },
    )
}

const after = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  .prefault('0')
  .meta({ description: 'Only documents after this number' })
const documentPage = z.object({
  documents: z.array(documentRow).meta({ description: 'In the order of their numbers' }),
})

const shownDocument = (archived: ArchivedDocument): z.output<typeof documentRow> => ({
  kind: archived.kind,
  fn_number: archived.doc.fnNumber,
  fd_number: archived.doc.fdNumber,
  fiscal_sign: archived.doc.fiscalSign,
  fiscal_datetime: archived.doc.fiscalDatetime,
  shift_number: archived.doc.shiftNumber,
  user_attribute: (archived.kind === 'receipt' && archived.content.userAttribute) || null,
  is_on_paper: archived.isOnPaper,
  is_sent: archived.isSent,
})
