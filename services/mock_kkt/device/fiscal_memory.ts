import { type FencingToken, MAX_TOKEN } from '@kkt/adapter/src/domain/fencing_token.ts'
import { registeredIn } from '@kkt/adapter/src/domain/stored_document.ts'
import { type Database, exclusively } from '@kkt/adapter/src/sqlite/database.ts'
import { type Kind, OthersBuffer } from '@kkt/adapter/src/sqlite/fitness.ts'
import { migrate, schemasOf } from '@kkt/adapter/src/sqlite/migrate.ts'
import { createArchive } from './archive.ts'
import { createDocuments, type FiledPage } from './documents.ts'
import { type KktFaults, kktFaults, NO_FAULTS } from './faults.ts'
import fiscalMemorySql from './fiscal_memory.sql' with { type: 'text' }
import otherDocumentsSql from './fiscal_memory_5.sql' with { type: 'text' }
import shorterDocumentsSql from './fiscal_memory_6.sql' with { type: 'text' }
import lifeSql from './fiscal_memory_7.sql' with { type: 'text' }
import reportsSql from './fiscal_memory_8.sql' with { type: 'text' }
import keysSql from './fiscal_memory_9.sql' with { type: 'text' }
import { newFn, newRegistration, type Registration, readRegistration, type TaxationSystems } from './registration.ts'
import { ShiftCounters } from './shift_counters.ts'
import { createTasksDone } from './tasks_done.ts'

/** One text for each schema, from `OLDEST_SCHEMA` on. */
const STEPS = [fiscalMemorySql, otherDocumentsSql, shorterDocumentsSql, lifeSql, reportsSql, keysSql]
/** Older program versions reached the same schema in four steps. A lower schema is refused. */
const OLDEST_SCHEMA = 4
export const FISCAL_MEMORY: Kind = {
  schemas: schemasOf(STEPS, OLDEST_SCHEMA),
  tables: ['fn', 'documents'],
  ownersOf,
}

/** Holds three documents with their receipts, as most are. In half of it the second would find no room. */
export const FN_PAGE_BYTES = 4096

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
  /** The last day on which the FN signs, `yyyy-mm-dd`. */
  validUntil: string
  /** The OFD has all documents up to this one. */
  confirmedThroughFd: number
  /** The time of the first document that it has not; null where it has them all. */
  firstUnsentMs: number | null
  /** The cash in the drawer without that of the open shift's receipts. */
  drawerKopecks: number
  /** By how much its clock was set forward, or back when it is negative. */
  clockOffsetMs: number
}
type DeviceRow = {
  fn_number: string
  signing_key: string
  shift_number: number
  shift_opened_at_ms: number | null
  newest_token: FencingToken
  faults: string
  last_fd: number | null
  /** The shift of the last receipt. */
  last_shift: number | null
  last_receipt: number | null
  last_at_ms: number | null
  valid_until: string | null
  confirmed_through_fd: number
  first_unsent_ms: number | null
  drawer_kopecks: number
  clock_offset_ms: number
}

/**
 * The sealed memory of the mock KKT, in a file of its own: a real KKT is another machine, and a signed document stays
 * signed whatever happens to the adapter.
 * @param kktNumber the owner, for good
 * @param taxationSystems hold instead of those of its registration
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer
 */
export function openFiscalMemory(db: Database, kktNumber: string, taxationSystems?: TaxationSystems) {
  // NORMAL, because the memory has to survive a crash of the adapter but not of the machine: a real KKT has its own
  // power. So no document waits for the disk.
  db.exec('PRAGMA synchronous = NORMAL')
  makeTables(db)
  // A token above MAX_TOKEN can only come from an older program version. It keeps nobody out.
  const device = db.prepare<DeviceRow>(
    `SELECT fn_number, signing_key, fn.shift_number, shift_opened_at_ms, faults,
       CASE WHEN newest_token > ${MAX_TOKEN} THEN 0 ELSE newest_token END AS newest_token,
       last.fd_number AS last_fd, last.at_ms AS last_at_ms,
       sold.shift_number AS last_shift, sold.receipt_number AS last_receipt,
       valid_until, confirmed_through_fd, drawer_kopecks, clock_offset_ms,
       (SELECT at_ms FROM documents WHERE fd_number = confirmed_through_fd + 1) AS first_unsent_ms
     FROM fn, device LEFT JOIN documents AS last ON last.fd_number = (SELECT max(fd_number) FROM documents)
       LEFT JOIN documents AS sold ON sold.fd_number =
         (SELECT fd_number FROM documents WHERE receipt_number IS NOT NULL ORDER BY fd_number DESC LIMIT 1)`,
  )
  const registration = registrationOf(db, taxationSystems)
  claim(db, kktNumber)
  const openShift = db.prepare('UPDATE fn SET shift_number = ?, shift_opened_at_ms = ?')
  const closeShift = db.prepare('UPDATE fn SET shift_opened_at_ms = NULL')
  const raiseToken = db.prepare('UPDATE device SET newest_token = ?')
  const keepFaults = db.prepare('UPDATE device SET faults = ?')
  const validThrough = db.prepare('UPDATE fn SET valid_until = ?')
  const confirm = db.prepare('UPDATE fn SET confirmed_through_fd = ?')
  const setClock = db.prepare('UPDATE device SET clock_offset_ms = ?')
  const moveCash = db.prepare('UPDATE device SET drawer_kopecks = drawer_kopecks + ?')
  const documents = createDocuments(db, kktNumber, registeredIn(registration))
  const counters = new ShiftCounters(db)
  const currentFn = db.prepare<{ fn_number: string }>('SELECT fn_number FROM fn')
  return {
    /** All or nothing, and without another process in between: it may drive the same device. */
    transaction<T>(work: () => T): T {
      let isKept = false
      try {
        const result = exclusively(db, work)
        isKept = true
        return result
      } finally {
        counters.settle(isKept)
      }
    },
    device(): Device {
      const row = device.get()
      if (!row) throw new Error('The fiscal memory holds no FN')
      return toDevice(row, registration)
    },
    raiseToken: (token: FencingToken): void => void raiseToken.run(token),
    keepFaults: (faults: KktFaults): void => void keepFaults.run(faults === NO_FAULTS ? NONE : JSON.stringify(faults)),
    openShift: (shiftNumber: number, openedAtMs: number): void => void openShift.run(shiftNumber, openedAtMs),
    closeShift: (): void => void closeShift.run(),
    validThrough: (date: string): void => void validThrough.run(date),
    confirmThrough: (fdNumber: number): void => void confirm.run(fdNumber),
    keepClockOffset: (ms: number): void => void setClock.run(ms),
    /** Puts cash into the drawer, or takes it out when it is negative. */
    moveCash: (kopecks: number): void => void moveCash.run(kopecks),
    /** Puts a new FN in. The documents of the old one are kept beside it. Call it inside a transaction. */
    replaceFn: (): void => replaceFn(db),
    counters,
    tasks: createTasksDone(db),
    documents,
    archive: createArchive(db, registeredIn(registration)),
    /** Those of the FN that is there, or of one that was replaced. */
    documentsOf(wanted: string | null, afterFd: number, limit: number): FiledPage {
      const current = currentFn.get()?.fn_number ?? ''
      const fnNumber = wanted ?? current
      if (fnNumber !== current) return { fnNumber, ...documents.ofReplaced(fnNumber, afterFd, limit) }
      return { fnNumber, count: documents.count(), documents: documents.list(afterFd, limit) }
    },
    close: (): void => db.close(),
  }
}

/** Makes the tables, or brings them to the newest schema. A new memory has no FN yet. @throws StorageFailure, SchemaTooNew, SchemaTooOld */
export const makeTables = (db: Database) => migrate(db, STEPS, OLDEST_SCHEMA)

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

/**
 * The data of the device's registration. A new device gets an FN and is registered, and one of an earlier version is registered.
 * @param taxationSystems hold instead of those that are stored
 */
function registrationOf(db: Database, taxationSystems: TaxationSystems | undefined): Registration {
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
      register.run(JSON.stringify(newRegistration(taxationSystems)))
    })
  }
  const registration = readRegistration(stored.get()?.registration ?? '')
  return taxationSystems === undefined ? registration : { ...registration, taxationSystems }
}

/** The registration stays as it is: the KKT is registered again with the same data. */
function replaceFn(db: Database): void {
  db.exec(
    `INSERT INTO replaced_documents (fn_number, fd_number, kind, receipt_id, shift_number, receipt_number, doc, printed)
     SELECT fn_number, fd_number, kind, receipt_id, documents.shift_number, receipt_number, doc, printed FROM fn, documents`,
  )
  db.exec('DELETE FROM documents')
  const { fnNumber, signingKey } = newFn()
  db.prepare(
    `UPDATE fn SET fn_number = ?, signing_key = ?, shift_number = 0, shift_opened_at_ms = NULL, valid_until = NULL`,
  ).run(fnNumber, signingKey)
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
    validUntil: row.valid_until ?? NOT_YET,
    confirmedThroughFd: row.confirmed_through_fd,
    firstUnsentMs: row.first_unsent_ms,
    drawerKopecks: row.drawer_kopecks,
    clockOffsetMs: row.clock_offset_ms,
  }
}

/** Later than any day, for an FN that is being registered. */
const NOT_YET = '9999-12-31'

/** The stored form of a new memory and of a reset. */
const NONE = '{}'
