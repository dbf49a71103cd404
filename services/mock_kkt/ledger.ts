import type { Ledger } from '@kkt/fault-kit/ledger.ts'
import { LEDGER_ROOM, moment, newestThatFit } from '@kkt/fault-kit/saved.ts'
import { isoOrNull } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { MAX_KEPT_REQUESTS, type RequestJournal, type StoredRequest } from './journal/requests.ts'
import { receiptsOf } from './queue/made.ts'
import { savedState } from './queue/saved_state.ts'
import { isEnded, shownTask, statusOf } from './queue/task_state.ts'

/**
 * The receipts that the requests have made, as the control side tells them.
 * @param on.reset forgets all requests
 * @param on.restored goes on with those that came in a file
 */
export function createLedger(journal: RequestJournal, on: { reset: () => void; restored: () => void }) {
  const counters = () => {
    const { all, unfinished, receipts } = journal.counts()
    return { requests: all, unfinished, receipts_made: receipts }
  }

  return {
    keptAtMost: MAX_KEPT_REQUESTS,
    count: () => journal.counts().receipts,
    counts: (uuid) => isReceiptOf(uuid === null ? null : journal.find(uuid)),
    list: () => journal.newest(MAX_KEPT_REQUESTS).flatMap(rowsOf),
    counters,
    reset: on.reset,
    saved: () => ({ requests: newestThatFit(journal.newest(MAX_KEPT_REQUESTS), LEDGER_ROOM, savedRequestOf) }),
    savedForm: savedRequests.transform(({ requests }) => ({
      restore() {
        journal.together(() => {
          for (const request of requests) {
            journal.add(request.uuid, request.receivedAtMs, request)
            journal.keep({ ...request, receipts: receiptsOf(request.tasks, request.states).length })
          }
        })
        on.restored()
      },
    })),
  } satisfies Ledger
}

/** A request as the control side lists it, with all that its tasks have led to. */
export const shownRequest = ({ number, uuid, receivedAtMs, endedAtMs, tasks, states }: StoredRequest) => ({
  number,
  uuid,
  status: statusOf(states),
  received_at: isoOrNull(receivedAtMs),
  ended_at: isoOrNull(endedAtMs),
  tasks: tasks.map((task, i) => {
    const state = states[i]
    return { task, ...(state && shownTask(state)) }
  }),
})

const isReceiptOf = (request: StoredRequest | null) =>
  request !== null && receiptsOf(request.tasks, request.states).length > 0

const rowsOf = ({ uuid, endedAtMs, tasks, states }: StoredRequest) =>
  receiptsOf(tasks, states).map(({ type, fdNumber, fnNumber, total }) => ({
    receipt_id: uuid,
    pos_id: null,
    kkt_id: null,
    task_type: type,
    fiscal_doc_number: fdNumber,
    fn_number: fnNumber,
    total,
    made_at: isoOrNull(endedAtMs),
  }))

const savedRequestOf = ({ uuid, receivedAtMs, endedAtMs, tasks, callbackUrl, states }: StoredRequest) => ({
  uuid,
  receivedAtMs,
  endedAtMs,
  tasks,
  callbackUrl,
  states,
})

function checkUuids(requests: readonly { uuid: string }[], ctx: z.RefinementCtx): void {
  const known = new Set<string>()
  for (const [i, { uuid }] of requests.entries()) {
    if (known.has(uuid)) ctx.addIssue({ code: 'custom', path: [i, 'uuid'], message: "must be no other request's" })
    known.add(uuid)
  }
}

const savedRequests = z.strictObject({
  requests: z
    .array(
      z
        .strictObject({
          uuid: z.string().min(1).max(128),
          receivedAtMs: moment,
          endedAtMs: moment.nullable(),
          tasks: z.array(z.unknown()).min(1),
          callbackUrl: z.string().nullable(),
          states: z.array(savedState),
        })
        .refine(({ tasks, states }) => tasks.length === states.length, {
          path: ['states'],
          message: 'must be one for each task',
        })
        // The queue would look for its next task for ever, or never do it.
        .refine(({ endedAtMs, states }) => (endedAtMs !== null) === states.every(isEnded), {
          path: ['endedAtMs'],
          message: 'must be given when all tasks have ended, and be null when one has not',
        }),
    )
    .max(MAX_KEPT_REQUESTS)
    .superRefine(checkUuids),
})
