import { hash } from 'node:crypto'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Queries } from './queries.ts'

/** Bounds the memory, in contents. More sales than these within the window are looked at in their last part only. */
const MOST_REMEMBERED = 20_000
/** The last sales of one content. Those that came to nothing may hide a real one behind them only when they are as many. */
const MOST_ALIKE = 32

/** `name`: the content's, by which later ones find it. */
type Looked = { name: string; twinOf: ReceiptId | null }
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

/**
 * The last sales of each content, in two parts. The older part is forgotten in one piece: a Map that loses its oldest entries
 * one by one keeps their places for a while, and each search for the next oldest passes them all.
 */
class LastSales {
  #newer = new Map<string, Sold[]>()
  #older = new Map<string, Sold[]>()
  /** The time of the first sale in the newer part; null without one. */
  #newerFromMs: number | null = null

  constructor(private readonly windowMs: number) {}

  of(name: string): readonly Sold[] {
    return this.#newer.get(name) ?? this.#older.get(name) ?? []
  }

  add(name: string, sale: Sold): void {
    this.#newer.set(name, [...this.of(name).slice(1 - MOST_ALIKE), sale])
    this.#newerFromMs ??= sale.atMs
    const isOfOneWindow = Math.abs(sale.atMs - this.#newerFromMs) <= this.windowMs
    if (isOfOneWindow && this.#newer.size < MOST_REMEMBERED / 2) return
    this.#older = this.#newer
    this.#newer = new Map()
    this.#newerFromMs = null
  }
}

/** Receipts with the content of one that the same till sold a moment ago under another key. */
export function createTwins(db: Database, { wallMs, windowMs, statusOf }: TwinsDeps) {
  const before = db.prepare<SoldRow>(
    'SELECT seq, receipt_id, content, created_at_ms FROM sales WHERE seq < ? ORDER BY seq DESC LIMIT 0 + ?',
  )
  const insert = db.prepare('INSERT INTO twins (receipt_id, twin_of, created_at_ms) VALUES (?, ?, ?)')
  const find = db.prepare<{ twin_of: ReceiptId }>('SELECT twin_of FROM twins WHERE receipt_id = ?')
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM twins')
  const forgetItself = db.prepare('DELETE FROM twins WHERE receipt_id = ?1 AND twin_of = ?2')
  const rename = db.prepare('UPDATE twins SET receipt_id = ?2 WHERE receipt_id = ?1')
  /** Null: not read from the journal yet. */
  let sold: LastSales | null = null

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

  /** A read that fails leaves nothing behind, so that the next sale reads again. */
  function recent(): LastSales {
    if (sold !== null) return sold
    const found = new LastSales(windowMs)
    for (const { content, receipt_id, created_at_ms } of recentRows().reverse())
      found.add(nameOf(content), { id: receipt_id, atMs: created_at_ms })
    sold = found
    return found
  }

  /** A sale that was undone is not in the journal, and a refused one has to be sent again under another key. */
  function isReal({ id, atMs }: Sold): boolean {
    const status = isRecent(atMs) ? statusOf(id) : null
    return status !== null && status !== 'refused'
  }

  return {
    reads: {
      /** The receipt whose twin this one is. */
      twinOf: (id: ReceiptId): ReceiptId | null => find.get(id)?.twin_of ?? null,
      count: (): number => count.get()?.n ?? 0,
    },
    /**
     * Looks at a receipt that is about to be journaled.
     * @param text the kept form of its content, which names the till
     * @returns null where no twins are looked for
     */
    look(text: string): Looked | null {
      if (windowMs === 0) return null
      const name = nameOf(text)
      return { name, twinOf: recent().of(name).findLast(isReal)?.id ?? null }
    },
    /** @param looked as `look` returned it */
    journaled(id: ReceiptId, looked: Looked | null): void {
      if (looked === null) return
      recent().add(looked.name, { id, atMs: wallMs() })
      if (looked.twinOf !== null) insert.run(id, looked.twinOf, wallMs())
    },
    /**
     * The KKT knew the receipt under another id. Where the KKT had given it back before its till sent it again, it was
     * taken for a twin of itself.
     */
    renamed(from: ReceiptId, to: ReceiptId): void {
      forgetItself.run(from, to)
      rename.run(from, to)
    },
  }
}

export type Twins = ReturnType<typeof createTwins>

/** Contents may be long, and are many. */
const nameOf = (text: string): string => hash('sha1', text, 'base64')
