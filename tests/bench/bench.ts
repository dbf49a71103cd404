import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { run } from '../harness/stack/run.ts'
import { KKT_ADAPTER } from '../harness/stack/services.ts'
import { Stop } from '../harness/stack/stop.ts'
import { createBuffers } from './buffers.ts'
import { startOfd } from './ofd.ts'
import { createProcesses, type Started } from './processes.ts'

/** Nobody listens on the port for what is thrown away (RFC 863). */
const NO_OFD = 'http://127.0.0.1:9'

const looped = z.object({ count: z.int().positive(), perSecond: z.number(), processorMicros: z.number() })
type Looped = z.infer<typeof looped>

type AdapterOptions = {
  /** @default a new one */
  bufferPath?: string
  /** @default none answers: the adapter only takes receipts */
  ofdUrl?: string
  /** A program, with its arguments, that runs it. */
  wrapper?: string[]
}

type FetchLoop = {
  bufferPath: string
  ofdUrl: string
  inFlight: number
  atMostSeconds: number
  kept: 'nothing' | 'steps'
}

export type Bench = ReturnType<typeof createBench>

/** What the rows are measured with. */
export function createBench(root: string, folder: string) {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const processes = createProcesses(root, scratch)
  const newFolder = () => mkdtempSync(join(scratch, 'row-'))

  async function loop(program: string, args: (string | number)[]): Promise<Looped> {
    const command = [process.execPath, '--no-env-file', program, ...args.map(String)]
    const { exitCode, stdout, stderr } = await run(command, { cwd: root, output: 'kept' })
    if (exitCode !== 0) throw new Stop(`${program} failed:\n${stderr}`)
    return looped.parse(JSON.parse(stdout))
  }

  return {
    buffers: createBuffers(folder, newFolder),
    newFolder,

    /** A cash register that prints at once, no limit to the buffer that is reached, a disk that is waited for. */
    adapter: ({ bufferPath, ofdUrl, wrapper }: AdapterOptions = {}): Promise<Started> =>
      processes.start(
        KKT_ADAPTER.entry,
        {
          ...KKT_ADAPTER.environment,
          BUFFER_DB_PATH: bufferPath ?? join(newFolder(), 'buffer.db'),
          BUFFER_MAX_SIZE: '1000000',
          OFD_API_URL: ofdUrl ?? NO_OFD,
          KKT_PRINT_DELAY_MIN: '0',
          KKT_PRINT_DELAY_MAX: '0',
        },
        wrapper,
      ),

    /**
     * Posts what is pending in a buffer to an OFD, from a process of its own.
     * @param options.kept `steps`: with each receipt read from the journal and its delivery recorded, as the adapter does it
     */
    fetchLoop({ bufferPath, ofdUrl, inFlight, atMostSeconds, kept }: FetchLoop) {
      return loop('tests/bench/ceilings/fetch_loop.ts', [bufferPath, ofdUrl, inFlight, atMostSeconds, kept])
    },

    /** Journals receipts until they are printed, in a process of its own and nothing else. */
    journalLoop: ({ atOnce, seconds }: { atOnce: number; seconds: number }) =>
      loop('tests/bench/ceilings/journal_loop.ts', [join(newFolder(), 'buffer.db'), atOnce, seconds]),

    /** Has a KKT that prints at once make documents, in a process of its own and nothing else. */
    kktLoop: ({ seconds }: { seconds: number }) =>
      loop('tests/bench/ceilings/kkt_loop.ts', [join(newFolder(), 'kkt.db'), seconds]),

    ofd: () => startOfd((entry) => processes.start(entry, {})),

    ceiling: (entry: string): Promise<Started> => processes.start(entry, {}),

    /** Ends whatever a row has left running, and removes its files. */
    async clear(): Promise<void> {
      await processes.endAll()
      for (const name of readdirSync(scratch)) rmSync(join(scratch, name), { recursive: true })
    },
  }
}
