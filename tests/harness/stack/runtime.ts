import { lastLines, step } from './output.ts'
import { run } from './run.ts'
import type { Settings } from './settings.ts'
import { Stop } from './stop.ts'

/** The runtime of a local stack's services. */
export type Runtime = {
  /** Fetches the runtime where it is missing. */
  prepare(): Promise<void>
  /**
   * @param entry the service's main.ts, relative to the root
   * @param reloads whether the service restarts at every edit of a file that it imports
   */
  command(entry: string, reloads: boolean): string[]
}

/**
 * The runtime that the setting RUNTIME names.
 * @throws Stop when RUNTIME names none
 */
export function serviceRuntime(root: string, { RUNTIME = '' }: Settings): Runtime {
  switch (RUNTIME) {
    case 'bun':
      return {
        prepare: async () => undefined,
        command: (entry, reloads) => [
          process.execPath,
          '--no-env-file',
          ...(reloads ? ['--watch', '--no-clear-screen'] : []),
          entry,
        ],
      }
    case 'deno':
      return {
        prepare: () => fetchDeno(root),
        command: (entry, reloads) => {
          if (reloads) throw new Stop('make dev restarts services only on Bun: leave RUNTIME out.')
          return [`${root}/services/start_on_deno`, entry]
        },
      }
    default:
      throw new Stop(`RUNTIME is ${JSON.stringify(RUNTIME)}: it takes one of bun, deno.`)
  }
}

async function fetchDeno(root: string): Promise<void> {
  await step('Looking for Deno', async () => {
    const { exitCode, stderr } = await run([`${root}/tests/harness/deno`, '--version'], { cwd: root, output: 'kept' })
    if (exitCode !== 0) throw new Stop(lastLines(stderr, 1))
  })
}
