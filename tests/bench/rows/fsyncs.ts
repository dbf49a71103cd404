import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NotMeasured, type Row } from '../row.ts'
import { sell } from '../sales.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1
/** One for the receipt before it is printed, one for its document before it is answered. */
const WITHOUT_GROUPS = 2

export const fsyncs: Row = {
  name: 'fsyncs per receipt, 32 connections',
  ceiling: 'two commits each',
  unit: 'fsyncs',
  // Receipts that come together share commits.
  target: { atMost: 0.25 },
  async how(bench) {
    // Beside the adapter, not above it, so that it ends with it; the kernel lets all other calls pass at full speed.
    const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-y', '-e', 'trace=fsync,fdatasync']
    const trial = spawnSync(strace[0] ?? '', [...strace.slice(1), 'true'])
    if (trial.status !== 0) throw new NotMeasured('it takes strace 5.3 or newer, and leave to trace')
    const trace = join(bench.newFolder(), 'trace')
    const { url } = await bench.adapter({ wrapper: [...strace, '-o', trace] })
    return {
      async round() {
        const before = countFsyncs(trace)
        const { count } = await sell(url, CONNECTIONS, BURST_SECONDS)
        return { measured: (countFsyncs(trace) - before) / count, ceiling: WITHOUT_GROUPS }
      },
    }
  },
}

/** Of the buffer: the KKT's file stands in for another machine. */
const countFsyncs = (trace: string): number =>
  readFileSync(trace, 'utf8').match(/sync\(\d+<[^>]*buffer\.db/g)?.length ?? 0
