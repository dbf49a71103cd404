import { lastLines, step } from './output.ts'
import { run } from './run.ts'
import type { Settings } from './settings.ts'
import { Stop } from './stop.ts'

/** What runs the services of a local stack. */
export type Runtime = {
  /** Fetches it where it is missing. */
  prepare(): Promise<void>
  /** @param entry the service's main.ts, seen from the root */
  command(entry: string): string[]
}

/**
 * The runtime that the setting RUNTIME names.
 * @throws Stop when it names none
 */
export function serviceRuntime(root: string, { RUNTIME = '' }: Settings): Runtime {
  switch (RUNTIME) {
    case 'bun':
      return { prepare: async () => undefined, command: (entry) => [process.execPath, '--no-env-file', entry] }
    case 'deno':
      return { prepare: () => fetchDeno(root), command: (entry) => [`${root}/services/start_on_deno`, entry] }
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
