import { iso } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { EVENT_KINDS } from '../journal/audit.ts'
import type { AuditEvent } from '../journal/events.ts'

/** An event of the audit log. */
export const wireEvent = z.object({
  id: whole.meta({ description: "The entry's number" }),
  at: z.iso.datetime().meta({ description: 'The time of the change' }),
  kind: z.enum(EVENT_KINDS).meta({ description: 'The thing that changed' }),
  receipt_id: z.guid().nullable().meta({ description: 'Null for a change that is about no receipt' }),
  from: z.string().nullable().meta({ description: 'The state before. Null for a new receipt' }),
  to: z.string().meta({ description: 'The state after' }),
  detail: z.string().nullable().meta({ description: 'The reason. Null without one' }),
  by: z.string().nullable().meta({
    description:
      "The client that asked for it: its token's name and its address, with a space between, or its address without tokens. Null where the adapter did it by itself",
  }),
})

export const toWireEvent = ({
  id,
  atMs,
  kind,
  receiptId,
  from,
  to,
  detail,
  who,
}: AuditEvent): z.input<typeof wireEvent> => ({
  id,
  at: iso(atMs),
  kind,
  receipt_id: receiptId,
  from,
  to,
  detail,
  by: who,
})
