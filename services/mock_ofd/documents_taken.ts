import { Elysia } from 'elysia'
import type { ReceiptLedger } from './ledger.ts'
import { documentsQuery } from './schema.ts'

/** The part of the control side that lists documents of all kinds. The fault kit's own list has the receipts. */
export const documentsTaken = (ledger: ReceiptLedger, prefix: string) =>
  new Elysia({ prefix }).get(
    '/documents',
    ({ query: { fn_number, kind, limit } }) => {
      const found = ledger
        .documents()
        .filter((row) => (fn_number ?? row.fn_number) === row.fn_number && (kind ?? row.kind) === row.kind)
      return { count: found.length, kept_at_most: ledger.keptAtMost, documents: found.slice(-limit) }
    },
    { query: documentsQuery },
  )
