import { BadCertificate } from '@kkt/platform/certificate.ts'
import { onEndSignal } from '@kkt/platform/end_signals.ts'
import { TooFewDescriptors } from '@kkt/platform/listener/descriptors.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { CannotListen } from '@kkt/platform/serve.ts'
import { BadTokens } from './access/tokens.ts'
import { createFnKnowledge } from './journal/fiscal_memories.ts'
import { createStatusOf } from './journal/queries.ts'
import type { KktDriver } from './kkt/driver.ts'
import { type AcceptedLoss, compareWithFn, holdsReceipts, isAccepted, lossInWords } from './printing/compare.ts'
import type { Database } from './sqlite/database.ts'
import { closeToOthers } from './sqlite/file_modes.ts'
import { LostDatabase, resolvedFile } from './sqlite/files.ts'
import { ForeignDatabase, OthersBuffer, readUnchanged } from './sqlite/fitness.ts'
import { SchemaTooNew, SchemaTooOld } from './sqlite/migrate.ts'
import { isDamage, StorageFailure } from './sqlite/storage_failure.ts'
import { BadTills } from './till_settings.ts'

/**
 * Runs a step of the start, or exits with one line that says the fault and the remedy.
 * @param opened the name of the opened thing in that line
 */
export async function orExit<T>(opened: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const line = explain(error, opened)
    if (line === undefined) throw error
    process.stderr.write(`${line}\n`)
    process.exit(1)
  }
}

/** Their messages are for the operator. */
const IN_OWN_WORDS = [CannotListen, TooFewDescriptors, BadCertificate, BadTills, BadTokens]

function explain(error: unknown, opened: string): string | undefined {
  if (IN_OWN_WORDS.some((kind) => error instanceof kind) && error instanceof Error) return error.message
  if (error instanceof ForeignDatabase) {
    return `${opened} cannot be ${error.path}: that file is another program's database. It was left unchanged: set BUFFER_DB_PATH to a file in another folder.`
  }
  if (error instanceof SchemaTooNew) {
    return `${opened} has schema ${error.version}, and this version knows schemas up to ${error.newestKnown}. It was left unchanged: run the newer version that wrote it, or set BUFFER_DB_PATH to a file in another folder.`
  }
  if (error instanceof SchemaTooOld) {
    return `${opened} has schema ${error.version}, and this version knows no schema below ${error.oldestKnown}. It was left unchanged: run the older version that wrote it until /v1/kkt/buffer/status shows no receipt unprinted, pending or failed, and stop it. Then move the file away, to keep it, or set BUFFER_DB_PATH to a file in another folder.`
  }
  if (error instanceof OthersBuffer) {
    return `${opened} belongs to KKT_ID=${error.kktId}: start with that KKT_ID, or set BUFFER_DB_PATH to a file in another folder for KKT_ID=${error.wantedFor}.`
  }
  if (error instanceof LostDatabase) {
    const { path, walBytes } = error
    return `${opened} is lost: ${path} is empty or missing, and ${path}-wal still holds ${walBytes} bytes of it. Both were left unchanged: copy the folder away, then put both files back from a backup, or move ${path}-wal away to start without its receipts.`
  }
  if (!(error instanceof StorageFailure)) return undefined
  if (isDamage(error)) {
    return `${opened} is damaged (${error.code}). It was left unchanged: copy the folder of BUFFER_DB_PATH away, try "sqlite3 FILE .recover" on the copy, or set BUFFER_DB_PATH to a file in another folder to go on without it.`
  }
  // Only a writer rolls another one's changes back, and the file may belong to another program.
  const halfChanged =
    error.code === 'SQLITE_READONLY'
      ? ' If a -journal file is beside it, another program was killed while changing the file: open the file once with sqlite3, which undoes the change.'
      : ''
  return `${opened} cannot be opened (${error.code}): check that BUFFER_DB_PATH is a file that this user may read and write, in a folder that is writable and has room.${halfChanged}`
}

/**
 * Exits with a line when the buffer is behind its KKT and the loss is not accepted. Nothing in the buffer is changed. A
 * KKT that does not answer is compared at the first contact.
 */
export async function refuseBehind(
  path: string,
  driver: Pick<KktDriver, 'state' | 'documentsAfter' | 'lookupKey'>,
  acceptedLoss: AcceptedLoss | null,
): Promise<void> {
  const compare = (db: Database) => compareWithFn(driver, createFnKnowledge(db, createStatusOf(db)))
  const found = await readUnchanged(path, compare).catch((error) =>
    orExit('The buffer', () => {
      throw error
    }),
  )
  if (found?.kind !== 'behind' || isAccepted(found, acceptedLoss)) return
  process.stderr.write(`${lossInWords(found)}\n`)
  process.exit(1)
}

/** Closes the files to other users of the machine, and warns of those that were open to them. */
export function logFileModes(paths: readonly string[], logger: Logger): void {
  const { tightened, left } = closeToOthers(paths.map(resolvedFile))
  if (tightened.length > 0) logger.warn('files_closed_to_others', { paths: tightened.join(' ') })
  if (left.length > 0) {
    const advice =
      'other users may read or change these, and the adapter may not close them: give them to its user, and take the rights of others away (chmod go-rwx)'
    logger.warn('files_open_to_others', { paths: left.join(' '), advice })
  }
}

/** Warns that the buffer is new and knows no earlier key. If the FN holds receipts, an older buffer may be lost. */
export async function logNewBuffer(
  path: string,
  kkt: Pick<KktDriver, 'state' | 'documentsAfter' | 'lookupKey'>,
  logger: Logger,
): Promise<void> {
  const lastFd = (await kkt.state())?.lastFdNumber ?? null
  const tell = lastFd !== null && (await isFresh(lastFd, kkt)) ? logger.info : logger.warn
  tell('buffer_created', { path, kkt_last_fd: lastFd })
}

/** An FN's first document is its registration. That of a KKT which keeps no keys is not read: it takes long. */
const isFresh = async (lastFd: number, kkt: Pick<KktDriver, 'documentsAfter' | 'lookupKey'>): Promise<boolean> =>
  kkt.lookupKey === null ? lastFd <= 1 : (await holdsReceipts(kkt, lastFd)) === false

/** Runs `shutdown` once at an end signal, then exits: with 0, or with 1 when `shutdown` failed. */
export function onShutdown(shutdown: () => Promise<void>): void {
  onEndSignal(() => {
    shutdown().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`The shutdown failed: ${JSON.stringify(errorFields(error))}\n`)
        process.exit(1)
      },
    )
  })
}
