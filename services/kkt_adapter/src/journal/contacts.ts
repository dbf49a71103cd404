import { createHash } from 'node:crypto'
import { type Customer, contactKey } from '../domain/customer.ts'
import type { Database } from '../sqlite/database.ts'

/** 128 bits: no two contacts of any shop share them. */
const HASH_LENGTH = 32

export const contactHash = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, HASH_LENGTH)

/** @returns what `sales.contact` holds */
export function contactOf(customer: Customer | undefined): string | null {
  // Most receipts name no customer.
  const contact = customer?.email ?? customer?.phone
  const key = contact === undefined ? null : contactKey(contact)
  return key === null ? null : contactHash(key)
}

/** Few enough that they take no memory. */
const BATCH = 500

/** Gives receipts of earlier versions their contacts. SQLite has no hash. */
export function fillInContacts(db: Database): void {
  const some = db.prepare<{ seq: number; customer: string }>(
    `SELECT seq, content -> 'customer' AS customer FROM sales
     WHERE seq > ? AND instr(content, '"customer":') > 0 AND content -> 'customer' IS NOT NULL ORDER BY seq LIMIT ${BATCH}`,
  )
  const fillIn = db.prepare('UPDATE sales SET contact = ? WHERE seq = ?')
  let rows = some.all(0)
  while (rows.length > 0) {
    for (const { seq, customer } of rows) fillIn.run(contactOf(JSON.parse(customer)), seq)
    rows = some.all(rows.at(-1)?.seq ?? 0)
  }
}
