import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../harness/stack/run.ts'
import { KKT_ADAPTER } from '../harness/stack/services.ts'
import { Stop } from '../harness/stack/stop.ts'
import { createBuffers } from './buffers.ts'
import type { Fill } from './fill.ts'
import type { createProcesses, Started } from './processes.ts'
import { runLoop } from './run_loop.ts'

/** Nobody listens on the port for what is thrown away (RFC 863). */
const NO_OFD = 'http://127.0.0.1:9'

/** A checkout from before has it by this name too, or cannot be compared with in that. */
export const JOURNAL_ALONE = 'tests/bench/ceilings/journal_alone.ts'

type AdapterOptions = {
  /** @default a new one */
  bufferPath?: string
  /** @default none answers: the adapter only takes receipts */
  ofdUrl?: string
  /** A program, with its arguments, that runs it. */
  wrapper?: string[]
  /** Whether its cash register can be made slow. @default false, as in a shop */
  hasTestControl?: boolean
}

type JournalAlone = { steps: 'intake' | 'life'; atOnce: number; seconds: number }

type Parts = {
  /** Of this checkout, whose programs measure. */
  root: string
  /** Of the checkout that is measured. */
  path: string
  /** Where its buffers are kept. */
  folder: string
  newFolder: () => string
  processes: Pick<ReturnType<typeof createProcesses>, 'start'>
}

/** Makes buffers as a checkout's own journal has them, in processes of their own. */
export function bufferMaker(root: string, checkout: string) {
  return async (path: string, { synced, pending }: Fill): Promise<void> => {
    const program = 'tests/bench/make_buffer.ts'
    const command = [process.execPath, '--no-env-file', program, checkout, path, synced, pending].map(String)
    const { exitCode, stderr } = await run(command, { cwd: root, output: 'kept' })
    if (exitCode !== 0) throw new Stop(`${program} failed:\n${stderr}`)
  }
}

/** The programs and buffers of one checkout: this one, or one to compare with. Each has buffers of its own journal's schema. */
export function createCheckout({ root, path: checkout, folder, newFolder, processes }: Parts) {
  return {
    buffers: createBuffers(folder, { newFolder, make: bufferMaker(root, checkout) }),

    /** A cash register that prints at once, no limit to the buffer that is reached, a disk that is waited for. */
    adapter: ({ bufferPath, ofdUrl, wrapper, hasTestControl = false }: AdapterOptions = {}): Promise<Started> =>
      processes.start(checkout, KKT_ADAPTER.entry, {
        settings: {
          ...KKT_ADAPTER.environment,
          BUFFER_DB_PATH: bufferPath ?? join(newFolder(), 'buffer.db'),
          BUFFER_MAX_SIZE: '1000000',
          OFD_API_URL: ofdUrl ?? NO_OFD,
          KKT_PRINT_DELAY_MIN: '0',
          KKT_PRINT_DELAY_MAX: '0',
          TWIN_WINDOW: '60',
          TEST_CONTROL: String(hasTestControl),
        },
        wrapper,
      }),

    hasJournalAlone: existsSync(join(checkout, JOURNAL_ALONE)),

    /** Takes receipts through a journal, so many a commit, in a process of its own and nothing else. */
    journalAlone: ({ steps, atOnce, seconds }: JournalAlone) =>
      runLoop({ checkout, program: JOURNAL_ALONE, args: [join(newFolder(), 'buffer.db'), steps, atOnce, seconds] }),
  }
}

/** @returns the path of a checkout to compare with @throws Stop where nothing could be run there */
export function requireCheckout(path: string): string {
  if (!existsSync(join(path, KKT_ADAPTER.entry)))
    throw new Stop(`BASE is ${path}: that is no checkout of this project.`)
  if (!existsSync(join(path, 'node_modules'))) throw new Stop(`BASE is ${path}: run bun install there first.`)
  return path
}
