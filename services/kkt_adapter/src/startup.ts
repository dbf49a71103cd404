import { CannotListen } from '@kkt/platform/serve.ts'
import { StorageFailure } from './journal/database.ts'
import { SchemaTooNew } from './journal/migrate.ts'

/**
 * Runs a step of the start, or ends the process with the one line that says what is wrong and what to do.
 * @param opened what the step opens, as the line calls it
 */
export function orExit<T>(opened: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const line = explain(error, opened)
    if (line === undefined) throw error
    process.stderr.write(`${line}\n`)
    process.exit(1)
  }
}

function explain(error: unknown, opened: string): string | undefined {
  if (error instanceof SchemaTooNew || error instanceof CannotListen) return error.message
  if (!(error instanceof StorageFailure)) return undefined
  if (error.code.startsWith('SQLITE_NOTADB') || error.code.startsWith('SQLITE_CORRUPT')) {
    return `${opened} is damaged (${error.code}). It was left as it is: copy the folder of BUFFER_DB_PATH away, try "sqlite3 FILE .recover" on the copy, or set BUFFER_DB_PATH to a file in another folder to go on without it.`
  }
  return `${opened} cannot be opened (${error.code}): check that the folder of BUFFER_DB_PATH exists, is writable, and has room.`
}

/** Runs `shutdown` once, at the first SIGTERM or SIGINT, then ends the process: 0, or 1 when `shutdown` failed. */
export function onShutdown(shutdown: () => Promise<void>): void {
  let isUnderWay = false
  const stop = () => {
    if (isUnderWay) return
    isUnderWay = true
    shutdown().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`The shutdown failed: ${error}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
