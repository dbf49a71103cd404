import { iso } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { EVENT_KINDS } from '../journal/audit.ts'
import type { AuditEvent } from '../journal/events.ts'

/** An event of the audit log. */
export const wireEvent = z.object({
  id: whole,
  at: z.iso.datetime(),
  kind: z.enum(EVENT_KINDS),
  receipt_id: z.guid().nullable(),
  from: z.string().nullable(),
  to: z.string(),
  detail: z.string().nullable(),
})

export const toWireEvent = ({
  id,
  atMs,
  kind,
  receiptId,
  from,
  to,
  detail,
}: AuditEvent): z.input<typeof wireEvent> => ({
  id,
  at: iso(atMs),
  kind,
  receipt_id: receiptId,
  from,
  to,
  detail,
})
