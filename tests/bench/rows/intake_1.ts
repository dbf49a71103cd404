import { join } from 'node:path'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { costOf } from '../cost.ts'
import { inTurns, type Rate, type Row, ratesOf } from '../row.ts'
import { nextSale, sell } from '../sales.ts'

const BURST_SECONDS = 1
/** Checks, the KKT and what else a receipt needs may take as long again as what no server can do without. */
const GOAL = 0.5

export const intake1: Row = {
  name: 'intake, 1 connection',
  ceiling: 'two durable commits and the round trip of the Elysia handler, one after the other',
  unit: 'receipts/s',
  target: { atLeast: GOAL },
  async how(bench) {
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const commits = openCommits(join(bench.newFolder(), 'commits.db'))
    const adapters = await bench.ofEach(async ({ adapter }) => {
      const { url, processorMicros } = await adapter()
      return () => costOf(processorMicros, () => sell(url, 1, BURST_SECONDS))
    })
    const ceiling = async () => {
      const roundTrips = await costOf(handler.processorMicros, () => sell(handler.url, 1, BURST_SECONDS))
      return oneAfterTheOther(commits.pairs(BURST_SECONDS), roundTrips)
    }
    await ceiling()
    await adapters.measured()
    await adapters.base?.()
    const turn = inTurns({ ...adapters, ceiling })
    return { round: async (index) => ratesOf(await turn(index)) }
  },
}

const oneAfterTheOther = (a: Rate, b: Rate): Rate => ({
  perSecond: 1 / (1 / a.perSecond + 1 / b.perSecond),
  micros: a.micros === null || b.micros === null ? null : a.micros + b.micros,
})

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
    pairs(seconds: number): Rate {
      const startedMs = performance.now()
      const startedCpu = process.cpuUsage()
      let count = 0
      while (performance.now() - startedMs < seconds * 1000) {
        commit()
        commit()
        count += 1
      }
      const { user, system } = process.cpuUsage(startedCpu)
      return { perSecond: (count * 1000) / (performance.now() - startedMs), micros: (user + system) / count }
    },
  }
}
