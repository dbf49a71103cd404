import { hash } from 'node:crypto'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Queries } from './queries.ts'

/** Bounds the memory, in receipts. More sales than these within the window are looked at in their last part only. */
const MOST_REMEMBERED = 20_000

/** A content that is about to be sold. `name`: null where no twins are looked for. */
type Looked = { name: string | null; twinOf: ReceiptId | null }

type Sold = { id: ReceiptId; atMs: number }
type SoldRow = { seq: number; receipt_id: ReceiptId; content: string; created_at_ms: number }

/** The number of sales that are read at a time after a start. */
const PAGE = 500

type TwinsDeps = {
  wallMs: () => number
  /** Receipts with one content are twins within this time, in milliseconds; 0 looks for none. */
  windowMs: number
  statusOf: Queries['statusOf']
}

/** Receipts with the content of one that the same till sold a moment ago under another key. */
export function createTwins(db: Database, { wallMs, windowMs, statusOf }: TwinsDeps) {
  const before = db.prepare<SoldRow>(
    'SELECT seq, receipt_id, content, created_at_ms FROM sales WHERE seq < ? ORDER BY seq DESC LIMIT 0 + ?',
  )
  const insert = db.prepare('INSERT INTO twins (receipt_id, twin_of, created_at_ms) VALUES (?, ?, ?)')
  const find = db.prepare<{ twin_of: ReceiptId }>('SELECT twin_of FROM twins WHERE receipt_id = ?')
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM twins')
  const rename = db.prepare('UPDATE twins SET receipt_id = ?2 WHERE receipt_id = ?1')
  /** The last sale of each content, the oldest first. Null: not read from the journal yet. */
  let sold: Map<string, Sold> | null = null

  const isRecent = (atMs: number): boolean => Math.abs(wallMs() - atMs) <= windowMs

  /** The newest first. */
  function recentRows(): SoldRow[] {
    const found: SoldRow[] = []
    for (let seq = Number.MAX_SAFE_INTEGER; found.length < MOST_REMEMBERED; ) {
      const page = before.all(seq, PAGE)
      const rows = page.filter(({ created_at_ms }) => isRecent(created_at_ms))
      found.push(...rows)
      if (rows.length < PAGE) break
      seq = page.at(-1)?.seq ?? 0
    }
    return found
  }

  function recent(): Map<string, Sold> {
    if (sold !== null) return sold
    sold = new Map()
    for (const row of recentRows().reverse())
      remember(nameOf(row.content), { id: row.receipt_id, atMs: row.created_at_ms })
    return sold
  }

  function remember(name: string, sale: Sold): void {
    const known = recent()
    known.delete(name)
    known.set(name, sale)
    for (const [oldest, { atMs }] of known) {
      if (known.size <= MOST_REMEMBERED && isRecent(atMs)) return
      known.delete(oldest)
    }
  }

  /** A sale that was undone is not in the journal, and a refused one has to be sent again under another key. */
  function earlier(name: string): ReceiptId | null {
    const found = recent().get(name)
    if (!found || !isRecent(found.atMs)) return null
    const status = statusOf(found.id)
    return status === null || status === 'refused' ? null : found.id
  }

  return {
    reads: {
      /** The receipt whose twin this one is. */
      twinOf: (id: ReceiptId): ReceiptId | null => find.get(id)?.twin_of ?? null,
      count: (): number => count.get()?.n ?? 0,
    },
    /** Looks at a receipt that is about to be journaled. @param text the kept form of its content, which names the till */
    look(text: string): Looked {
      if (windowMs === 0) return { name: null, twinOf: null }
      const name = nameOf(text)
      return { name, twinOf: earlier(name) }
    },
    /** @param looked as `look` found it */
    journaled(id: ReceiptId, { name, twinOf }: Looked): void {
      if (name === null) return
      remember(name, { id, atMs: wallMs() })
      if (twinOf !== null) insert.run(id, twinOf, wallMs())
    },
    /** The KKT knew the receipt under another id. */
    renamed: (from: ReceiptId, to: ReceiptId): void => void rename.run(from, to),
  }
}

export type Twins = ReturnType<typeof createTwins>

/** Contents may be long, and are many. */
const nameOf = (text: string): string => hash('sha1', text, 'base64')
