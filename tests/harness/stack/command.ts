import { catchSignals } from './interruption.ts'
import { Stop } from './stop.ts'

/**
 * Runs what is behind a command of make. What it gives is the process's exit code; of a Stop the user sees the message
 * alone, and anything else that is thrown is a bug, shown as one.
 */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  catchSignals()
  try {
    process.exitCode = await command()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error.exitCode
  }
}
