import { catchSignals } from './interruption.ts'
import { Stop } from './stop.ts'

/**
 * Runs the function behind a command of make. Its result is the process's exit code. A Stop shows the user only its message.
 * Any other error is a bug, and is shown as one.
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
