import { type FencingToken, MAX_TOKEN } from '../../domain/fencing_token.ts'
import { type Database, exclusively } from '../../sqlite/database.ts'
import { type Kind, OthersBuffer } from '../../sqlite/fitness.ts'
import { migrate, schemasOf } from '../../sqlite/migrate.ts'
import { createDocuments } from './documents.ts'
import { type KktFaults, kktFaults, NO_FAULTS } from './faults.ts'
import fiscalMemorySql from './fiscal_memory.sql' with { type: 'text' }

/** One text a schema, from `OLDEST_SCHEMA` on. */
const STEPS = [fiscalMemorySql]
/**
 * Older versions came to this same schema in four steps, so a memory of theirs that has come so far goes on. One with less
 * is refused.
 */
const OLDEST_SCHEMA = 4
export const FISCAL_MEMORY: Kind = {
  schemas: schemasOf(STEPS, OLDEST_SCHEMA),
  tables: ['fn', 'documents'],
  ownersOf,
}

export type FiscalMemory = ReturnType<typeof openFiscalMemory>

export type Fn = { fnNumber: string; signingKey: string; shiftNumber: number; shiftOpenedAtMs: number }

/** What the device knows of itself. Its last document has the numbers 0 where there is none. */
export type Device = {
  fn: Fn
  newestToken: FencingToken
  faults: KktFaults
  lastFdNumber: number
  lastReceiptNumber: number
}
type DeviceRow = {
  fn_number: string
  signing_key: string
  shift_number: number
  shift_opened_at_ms: number
  newest_token: FencingToken
  faults: string
  last_fd: number | null
  last_shift: number | null
  last_receipt: number | null
}

/**
 * The sealed memory of the mock KKT, in a file of its own: the real one is another machine, and what it has signed stays
 * signed whatever becomes of the adapter.
 * @param kktNumber whose device it is, for good
 * @param makeFn called once, for a memory that is new
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer
 */
export function openFiscalMemory(db: Database, kktNumber: string, makeFn: () => Fn) {
  // It has to survive the adapter's process, for which a commit is enough, not the machine: the real device has its own
  // power. So no document waits for the disk of this one.
  db.exec('PRAGMA synchronous = NORMAL')
  migrate(db, STEPS, OLDEST_SCHEMA)
  const insertFn = db.prepare(
    'INSERT INTO fn (id, fn_number, signing_key, shift_number, shift_opened_at_ms) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  // A token that no adapter gives can only be one that an older version took over: it keeps nobody out.
  const device = db.prepare<DeviceRow>(
    `SELECT fn_number, signing_key, fn.shift_number, shift_opened_at_ms, faults,
       CASE WHEN newest_token > ${MAX_TOKEN} THEN 0 ELSE newest_token END AS newest_token,
       fd_number AS last_fd, documents.shift_number AS last_shift, receipt_number AS last_receipt
     FROM fn, device LEFT JOIN documents ON fd_number = (SELECT max(fd_number) FROM documents)`,
  )
  if (!device.get()) {
    const made = makeFn()
    insertFn.run(made.fnNumber, made.signingKey, made.shiftNumber, made.shiftOpenedAtMs)
  }
  claim(db, kktNumber)
  const openShift = db.prepare('UPDATE fn SET shift_number = ?, shift_opened_at_ms = ?')
  const raiseToken = db.prepare('UPDATE device SET newest_token = ?')
  const keepFaults = db.prepare('UPDATE device SET faults = ?')
  return {
    /** All of it or nothing, and nobody else's between: another process may drive the same device. */
    transaction: <T>(work: () => T): T => exclusively(db, work),
    device(): Device {
      const row = device.get()
      if (!row) throw new Error('The fiscal memory holds no FN')
      return toDevice(row)
    },
    raiseToken: (token: FencingToken): void => void raiseToken.run(token),
    keepFaults: (faults: KktFaults): void => void keepFaults.run(faults === NO_FAULTS ? NONE : JSON.stringify(faults)),
    openShift: (shiftNumber: number, openedAtMs: number): void => void openShift.run(shiftNumber, openedAtMs),
    documents: createDocuments(db, kktNumber),
    close: (): void => db.close(),
  }
}

/** Under a second KKT_ID another process would sign with the FN of the first. @throws OthersBuffer */
function claim(db: Database, kktNumber: string): void {
  // Where it is somebody's nothing is written: its disk may be full.
  if (ownersOf(db).length === 0) db.prepare('UPDATE device SET kkt_number = ? WHERE kkt_number IS NULL').run(kktNumber)
  const [owner] = ownersOf(db)
  if (owner !== kktNumber) throw new OthersBuffer(String(owner), kktNumber)
}

function ownersOf(db: Database): string[] {
  const row = db.prepare<{ kkt_number: string | null }>('SELECT kkt_number FROM device').get()
  return row?.kkt_number ? [row.kkt_number] : []
}

const toDevice = (row: DeviceRow): Device => ({
  fn: {
    fnNumber: row.fn_number,
    signingKey: row.signing_key,
    shiftNumber: row.shift_number,
    shiftOpenedAtMs: row.shift_opened_at_ms,
  },
  newestToken: row.newest_token,
  faults: row.faults === NONE ? NO_FAULTS : kktFaults.parse({ ...NO_FAULTS, ...JSON.parse(row.faults) }),
  lastFdNumber: row.last_fd ?? 0,
  lastReceiptNumber: row.last_shift === row.shift_number ? (row.last_receipt ?? 0) : 0,
})

/** As a new memory and a reset keep it. */
const NONE = '{}'
