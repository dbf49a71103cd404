import { join } from 'node:path'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { withPart } from '../part.ts'
import { inTurns, type Row } from '../row.ts'
import { nextSale, sell } from '../sales.ts'

const BURST_SECONDS = 1

export const intake1: Row = {
  name: 'intake, 1 connection',
  ceiling: 'a loop of two durable commits, no HTTP',
  unit: 'receipts/s',
  target: { atLeast: 0.7 },
  async how(bench) {
    const adapter = await bench.adapter()
    const commits = openCommits(join(bench.newFolder(), 'commits.db'))
    const both = {
      measured: async () => (await sell(adapter.url, 1, BURST_SECONDS)).perSecond,
      ceiling: async () => commits.pairsPerSecond(BURST_SECONDS),
    }
    await both.ceiling()
    await both.measured()
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const { round, note } = withPart(inTurns(both), {
      name: 'no more than those two commits and the round trip of a handler',
      part: async ({ ceiling }) => 1 / (1 / ceiling + 1 / (await sell(handler.url, 1, BURST_SECONDS)).perSecond),
    })
    return { round, notes: () => [note()] }
  },
}

/** A receipt cannot be had with less: it is durable before it is printed, and its document before it is answered. */
function openCommits(path: string) {
  const db: Database = openDatabase(path)
  db.exec('CREATE TABLE kept (id INTEGER PRIMARY KEY, body TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO kept (body) VALUES (?)')
  const { body } = nextSale()
  function commit(): void {
    db.exec('BEGIN IMMEDIATE')
    insert.run(body)
    db.exec('COMMIT')
  }
  return {
    pairsPerSecond(seconds: number): number {
      const startedMs = performance.now()
      let pairs = 0
      while (performance.now() - startedMs < seconds * 1000) {
        commit()
        commit()
        pairs += 1
      }
      return (pairs * 1000) / (performance.now() - startedMs)
    },
  }
}
