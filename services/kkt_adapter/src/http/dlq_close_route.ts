import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { readableText } from '../domain/readable_text.ts'
import type { Journal } from '../journal/journal.ts'
import { whoOf } from './callers.ts'
import { deadLetterOf } from './dead_letter.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'

/** A sentence or two: the audit log shows it as one line. */
const MAX_REASON_CHARACTERS = 256

export const closeReason = readableText(MAX_REASON_CHARACTERS).meta({
  description: 'How it was settled, for the audit log. No control character, and one character that is visible',
})

type DlqCloseDeps = { journal: Journal; access: Access; logger: Logger }

/** Ends a dead letter that was settled in another way. Its document stays in the FN, and is never sent again. */
export const dlqCloseRoute = ({ journal, access, logger }: DlqCloseDeps) =>
  new Elysia({ name: 'dlq_close' }).post(
    '/v1/kkt/buffer/dlq/:receipt_id/close',
    async ({ params: { receipt_id: id }, body, request }) => {
      const who = whoOf(access, request)
      const closed = await journal.write((tx) => {
        const deadLetter = deadLetterOf(tx, id)
        tx.closeDeadLetter(deadLetter, body.reason, who)
        return deadLetter
      })
      logger.info('dead_letter_closed', { receipt_id: closed, by: who })
      return { receipt_id: closed, status: 'closed' as const }
    },
    {
      parse: jsonBody(MAX_BODY_BYTES),
      params: z.object({ receipt_id: receiptId }),
      body: z.strictObject({
        reason: closeReason,
      }),
      response: {
        200: z.object({
          receipt_id: z.guid().meta({ description: "The receipt's current id" }),
          status: z.literal('closed').meta({ description: 'The receipt is never sent again' }),
        }),
        400: problemDocument,
        404: problemDocument,
        409: problemDocument,
        413: problemDocument,
        422: problemDocument,
      },
    },
  )
