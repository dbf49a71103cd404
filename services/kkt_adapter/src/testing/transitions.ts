/** Receipts in any state, and the transitions between states, for the journal's tests. */

import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status, TRANSITIONS } from '../domain/state.ts'
import type { Tx } from '../journal/journal.ts'
import { accepted, fiscalDoc, journalAndDb } from './kit.ts'

let fds = 0
export const nextDoc = () => fiscalDoc(++fds)

/** `detail`: the audit entry's detail. */
export type Step = { from: Status; to: Status; detail?: string; run: (tx: Tx, id: ReceiptId) => void }

/** Every transition of a single receipt. */
export const STEPS = {
  markPrinting: { from: 'accepted', to: 'printing', run: (t, id) => t.markPrinting(id) },
  recordPrinted: { from: 'printing', to: 'pending', run: (t, id) => t.recordPrinted(id, nextDoc(), 'printed') },
  recordRefused: {
    from: 'printing',
    to: 'refused',
    detail: 'no paper',
    run: (t, id) => t.recordRefused(id, 'no paper'),
  },
  recordUnknown: {
    from: 'printing',
    to: 'unknown',
    detail: 'no reply',
    run: (t, id) => t.recordUnknown(id, 'no reply'),
  },
  recordNotAsked: { from: 'printing', to: 'accepted', run: (t, id) => t.recordNotAsked(id) },
  recordFound: { from: 'unknown', to: 'pending', run: (t, id) => t.recordFound(id, nextDoc(), 'printed') },
  recordAbsent: { from: 'unknown', to: 'accepted', run: (t, id) => t.recordAbsent(id) },
  markSyncing: { from: 'pending', to: 'syncing', run: (t, id) => t.markSyncing(id) },
  recordSynced: { from: 'syncing', to: 'synced', run: (t, id) => t.recordSynced(id, 'OFD-000001') },
  recordUndelivered: {
    from: 'syncing',
    to: 'pending',
    detail: 'a reset',
    run: (t, id) => t.recordUndelivered(id, 'a reset', true),
  },
  deadLetter: {
    from: 'syncing',
    to: 'failed',
    detail: 'refused',
    run: (t, id) => t.deadLetter(id, 'refused_by_ofd', 'refused', false),
  },
  recordHandedOver: { from: 'pending', to: 'synced', run: (t, id) => t.recordHandedOver(id) },
  closeUntraced: {
    from: 'pending',
    to: 'closed',
    detail: 'seen at the OFD',
    run: (t, id) => t.closeUntraced(id, 'seen at the OFD', null),
  },
  requeue: { from: 'failed', to: 'pending', run: (t, id) => t.requeue(id) },
  closeDeadLetter: {
    from: 'failed',
    to: 'closed',
    detail: 'sent by hand',
    run: (t, id) => t.closeDeadLetter(id, 'sent by hand'),
  },
} satisfies Record<string, Step>

/** The steps that take an accepted receipt to a state. */
export const WAY: Readonly<Record<Status, readonly Step[]>> = (() => {
  const {
    markPrinting,
    recordUnknown,
    recordRefused,
    recordPrinted,
    markSyncing,
    recordSynced,
    deadLetter,
    closeDeadLetter,
  } = STEPS
  const pending = [markPrinting, recordPrinted]
  const syncing = [...pending, markSyncing]
  return {
    accepted: [],
    printing: [markPrinting],
    unknown: [markPrinting, recordUnknown],
    refused: [markPrinting, recordRefused],
    pending,
    syncing,
    synced: [...syncing, recordSynced],
    failed: [...syncing, deadLetter],
    closed: [...syncing, deadLetter, closeDeadLetter],
  }
})()

export function setUp(maxUndelivered = 1000) {
  const { db, journal, clock } = journalAndDb({ maxUndelivered })
  const wholeRow = db.prepare<Record<string, unknown>>('SELECT * FROM receipts WHERE receipt_id = ?')
  const bring = (id: ReceiptId, status: Status): Promise<void> =>
    journal.write((tx) => {
      for (const step of WAY[status]) step.run(tx, id)
    })
  return {
    db,
    journal,
    clock,
    bring,
    async reach(status: Status, posId?: string): Promise<ReceiptId> {
      const { id } = await accepted(journal, posId)
      await bring(id, status)
      return id
    },
    row: (id: ReceiptId) => wholeRow.get(id),
    /** Newest first. */
    eventsOf: (receiptId: ReceiptId) => journal.events.list({ receiptId, kind: null }, null, 100).items,
    legal: STATUSES.flatMap((from) => TRANSITIONS[from].map((to) => `${from}>${to}`)),
  }
}
