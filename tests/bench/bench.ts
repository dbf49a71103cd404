import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createCheckout } from './checkout.ts'
import { startOfd } from './ofd.ts'
import { installPeers } from './peers/install.ts'
import { createProcesses, type Started } from './processes.ts'
import { runLoop } from './run_loop.ts'

type FetchLoop = {
  bufferPath: string
  ofdUrl: string
  inFlight: number
  atMostSeconds: number
  kept: 'nothing' | 'steps'
}

type Folders = {
  /** This checkout's. */
  root: string
  folder: string
  /** Another checkout, which is measured beside this one. @default none */
  base?: string | null
}

export type Bench = ReturnType<typeof createBench>
type Checkout = ReturnType<typeof createCheckout>

/** The tools that rows measure with. */
export function createBench({ root, folder, base = null }: Folders) {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const processes = createProcesses(scratch)
  const newFolder = () => mkdtempSync(join(scratch, 'row-'))
  const checkoutIn = (path: string) =>
    createCheckout({ root, path, folder: mkdtempSync(join(folder, 'buffers-')), newFolder, processes })
  const own = checkoutIn(root)
  const other = base === null ? null : checkoutIn(base)
  const loop = (program: string, ...args: (string | number)[]) => runLoop({ checkout: root, program, args })

  return {
    ...own,
    newFolder,

    /** The checkout that this one is compared with, or null. */
    base: other,

    /** Sets up the same with this checkout and with the other one. */
    async ofEach<T>(setUp: (checkout: Checkout) => Promise<() => Promise<T>>) {
      return { measured: await setUp(own), base: other ? await setUp(other) : undefined }
    },

    /**
     * Posts what is pending in a buffer to an OFD, from a process of its own.
     * @param options.kept `steps`: with each receipt read from the journal and its delivery recorded, as the adapter does it
     */
    fetchLoop: ({ bufferPath, ofdUrl, inFlight, atMostSeconds, kept }: FetchLoop) =>
      loop('tests/bench/ceilings/fetch_loop.ts', bufferPath, ofdUrl, inFlight, atMostSeconds, kept),

    /** Has a KKT that prints at once make documents, so many a call, in a process of its own and nothing else. */
    kktLoop: ({ atOnce, seconds }: { atOnce: number; seconds: number }) =>
      loop('tests/bench/ceilings/kkt_loop.ts', join(newFolder(), 'kkt.db'), atOnce, seconds),

    /** Has the driver of a register make documents at a service, in a process of its own and nothing else. */
    atolLoop: ({ url, seconds }: { url: string; seconds: number }) =>
      loop('tests/bench/ceilings/atol_loop.ts', url, seconds),

    /** Installs other queues. @throws NotMeasured where no registry is reached */
    installPeers: () => installPeers(join(root, 'tests/bench/peers')),

    /** Has another queue take jobs of a receipt's size and do them, in a process of its own. */
    peerLoop: (program: string, { atOnce, seconds }: { atOnce: number; seconds: number }) =>
      loop(program, join(newFolder(), 'jobs.db'), atOnce, seconds),

    ofd: () => startOfd((entry) => processes.start(root, entry)),

    ceiling: (entry: string): Promise<Started> => processes.start(root, entry),

    /** Ends whatever a row has left running, and removes its files. */
    async clear(): Promise<void> {
      await processes.endAll()
      for (const name of readdirSync(scratch)) rmSync(join(scratch, name), { recursive: true })
    },
  }
}
