import { type FencingToken, MAX_TOKEN } from '../../domain/fencing_token.ts'
import { registeredIn } from '../../domain/stored_document.ts'
import { type Database, exclusively } from '../../sqlite/database.ts'
import { type Kind, OthersBuffer } from '../../sqlite/fitness.ts'
import { migrate, schemasOf } from '../../sqlite/migrate.ts'
import { createDocuments } from './documents.ts'
import { type KktFaults, kktFaults, NO_FAULTS } from './faults.ts'
import fiscalMemorySql from './fiscal_memory.sql' with { type: 'text' }
import otherDocumentsSql from './fiscal_memory_5.sql' with { type: 'text' }
import shorterDocumentsSql from './fiscal_memory_6.sql' with { type: 'text' }
import { newFn, newRegistration, type Registration, readRegistration } from './registration.ts'

/** One text for each schema, from `OLDEST_SCHEMA` on. */
const STEPS = [fiscalMemorySql, otherDocumentsSql, shorterDocumentsSql]
/** Older program versions reached the same schema in four steps. A lower schema is refused. */
const OLDEST_SCHEMA = 4
export const FISCAL_MEMORY: Kind = {
  schemas: schemasOf(STEPS, OLDEST_SCHEMA),
  tables: ['fn', 'documents'],
  ownersOf,
}

export type FiscalMemory = ReturnType<typeof openFiscalMemory>

export type Fn = { fnNumber: string; signingKey: string }

/** `shiftNumber`: of the open shift, or of the last one; 0 before the first. */
export type Shift = { kind: 'closed'; shiftNumber: number } | { kind: 'open'; shiftNumber: number; openedAtMs: number }

/** The device's data. Its last document has the numbers 0 and the time 0 when there is none. */
export type Device = {
  fn: Fn
  registration: Registration
  shift: Shift
  newestToken: FencingToken
  faults: KktFaults
  lastFdNumber: number
  /** Within the shift. */
  lastReceiptNumber: number
  lastDocumentMs: number
}
type DeviceRow = {
  fn_number: string
  signing_key: string
  shift_number: number
  shift_opened_at_ms: number | null
  newest_token: FencingToken
  faults: string
  last_fd: number | null
  last_shift: number | null
  last_receipt: number | null
  last_at_ms: number | null
}

/**
 * The sealed memory of the mock KKT, in a file of its own: a real KKT is another machine, and a signed document stays
 * signed whatever happens to the adapter.
 * @param kktNumber the owner, for good
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer
 */
export function openFiscalMemory(db: Database, kktNumber: string) {
  // NORMAL, because the memory has to survive a crash of the adapter but not of the machine: a real KKT has its own
  // power. So no document waits for the disk.
  db.exec('PRAGMA synchronous = NORMAL')
  migrate(db, STEPS, OLDEST_SCHEMA)
  // A token above MAX_TOKEN can only come from an older program version. It keeps nobody out.
  const device = db.prepare<DeviceRow>(
    `SELECT fn_number, signing_key, fn.shift_number, shift_opened_at_ms, faults,
       CASE WHEN newest_token > ${MAX_TOKEN} THEN 0 ELSE newest_token END AS newest_token,
       fd_number AS last_fd, documents.shift_number AS last_shift, receipt_number AS last_receipt, at_ms AS last_at_ms
     FROM fn, device LEFT JOIN documents ON fd_number = (SELECT max(fd_number) FROM documents)`,
  )
  const registration = registrationOf(db)
  claim(db, kktNumber)
  const openShift = db.prepare('UPDATE fn SET shift_number = ?, shift_opened_at_ms = ?')
  const closeShift = db.prepare('UPDATE fn SET shift_opened_at_ms = NULL')
  const raiseToken = db.prepare('UPDATE device SET newest_token = ?')
  const keepFaults = db.prepare('UPDATE device SET faults = ?')
  return {
    /** All or nothing, and without another process in between: it may drive the same device. */
    transaction: <T>(work: () => T): T => exclusively(db, work),
    device(): Device {
      const row = device.get()
      if (!row) throw new Error('The fiscal memory holds no FN')
      return toDevice(row, registration)
    },
    raiseToken: (token: FencingToken): void => void raiseToken.run(token),
    keepFaults: (faults: KktFaults): void => void keepFaults.run(faults === NO_FAULTS ? NONE : JSON.stringify(faults)),
    openShift: (shiftNumber: number, openedAtMs: number): void => void openShift.run(shiftNumber, openedAtMs),
    closeShift: (): void => void closeShift.run(),
    documents: createDocuments(db, kktNumber, registeredIn(registration)),
    close: (): void => db.close(),
  }
}

/** With a second KKT_ID, another process would sign with the first one's FN. @throws OthersBuffer */
function claim(db: Database, kktNumber: string): void {
  // An owned memory is not written: its disk may be full.
  if (ownersOf(db).length === 0) db.prepare('UPDATE device SET kkt_number = ? WHERE kkt_number IS NULL').run(kktNumber)
  const [owner] = ownersOf(db)
  if (owner !== kktNumber) throw new OthersBuffer(String(owner), kktNumber)
}

function ownersOf(db: Database): string[] {
  const row = db.prepare<{ kkt_number: string | null }>('SELECT kkt_number FROM device').get()
  return row?.kkt_number ? [row.kkt_number] : []
}

/** The data of the device's registration. A new device gets an FN and is registered, and one of an earlier version is registered. */
function registrationOf(db: Database): Registration {
  const stored = db.prepare<{ registration: string | null }>('SELECT registration FROM fn')
  if (!stored.get()?.registration) {
    const insertFn = db.prepare(
      'INSERT INTO fn (id, fn_number, signing_key, shift_number) VALUES (1, ?, ?, 0) ON CONFLICT DO NOTHING',
    )
    const register = db.prepare('UPDATE fn SET registration = ? WHERE registration IS NULL')
    // Another process may be opening the same memory.
    exclusively(db, () => {
      const { fnNumber, signingKey } = newFn()
      insertFn.run(fnNumber, signingKey)
      register.run(JSON.stringify(newRegistration()))
    })
  }
  return readRegistration(stored.get()?.registration ?? '')
}

function toDevice(row: DeviceRow, registration: Registration): Device {
  const {
    fn_number: fnNumber,
    signing_key: signingKey,
    shift_number: shiftNumber,
    shift_opened_at_ms: openedAtMs,
  } = row
  return {
    fn: { fnNumber, signingKey },
    registration,
    shift: openedAtMs === null ? { kind: 'closed', shiftNumber } : { kind: 'open', shiftNumber, openedAtMs },
    newestToken: row.newest_token,
    faults: row.faults === NONE ? NO_FAULTS : kktFaults.parse({ ...NO_FAULTS, ...JSON.parse(row.faults) }),
    lastFdNumber: row.last_fd ?? 0,
    lastReceiptNumber: row.last_shift === shiftNumber ? (row.last_receipt ?? 0) : 0,
    lastDocumentMs: row.last_at_ms ?? 0,
  }
}

/** The stored form of a new memory and of a reset. */
const NONE = '{}'
