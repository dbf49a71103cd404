import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { answeredAt, type Call, commitsOf, parseTrace } from '../harness/strace.ts'
import { startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)

const ONE_BY_ONE = 5
const AT_ONCE = 40

/** `-D` keeps the adapter this process's own child. All calls that can reach a disk or a socket are traced. */
const STRACE = [
  ...['strace', '-D', '-f', '-y', '-s', '8192'],
  ...['-e', 'trace=fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg,sendmmsg', '-o'],
]
const noStrace = (() => {
  const { error, stderr, status } = spawnSync('strace', ['-D', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  if (error) return 'there is no strace (Debian: apt install strace)'
  return status === 0 && stderr === '' ? null : `strace may not trace here: ${stderr.trim()}`
})()
if (noStrace !== null)
  process.stderr.write(`Not covered, because ${noStrace}: what is on the disk when an answer leaves.\n`)

const { newFolder } = soundFolders()

type Printed = { code: number; status: string; receipt_id: string; fiscal_doc: { fiscal_sign: string } | null }
type Adapter = ReturnType<typeof startAdapter>

/** The adapter's system calls during the work. */
async function traced<T>(settings: Record<string, string>, work: (adapter: Adapter) => Promise<T>) {
  const folder = newFolder()
  const [trace, buffer] = [join(folder, 'trace'), join(folder, 'buffer.db')]
  const adapter = startAdapter({ BUFFER_DB_PATH: buffer, ...settings }, [...STRACE, trace])
  await adapter.port
  const result = await work(adapter)
  adapter.child.kill('SIGTERM')
  await adapter.ended
  const text = await eventually('strace to end', () => readFileSync(trace, 'latin1'), {
    withinMs: PATIENT_MS,
    until: (written) => new RegExp(`^${adapter.child.pid} +\\+\\+\\+ exited`, 'm').test(written),
  })
  return { result, calls: parseTrace(text), wal: `${buffer}-wal`, kktWal: join(folder, 'kkt.db-wal') }
}

/** The lines of the trace at which each step of a receipt was done. They must grow in this order. */
function wayOf({ receipt_id, fiscal_doc }: Printed, calls: Call[], wal: string, kktWal: string) {
  const commits = commitsOf(calls, wal)
  const onDisk = (text: string) => commits.find((commit) => commit.text.includes(text))?.onDiskAt ?? Number.NaN
  const intake = { journaled: onDisk(receipt_id) }
  const answered = { answered: answeredAt(calls, receipt_id) }
  if (fiscal_doc === null) return { ...intake, ...answered }
  const handed = calls.find(({ path, args }) => path === kktWal && args.includes(receipt_id))
  return {
    ...intake,
    handedToTheKkt: handed?.beganAt ?? Number.NaN,
    recorded: onDisk(`"fiscalSign":"${fiscal_doc.fiscal_sign}"`),
    ...answered,
  }
}

/** The receipts with a step that came too early or not at all. */
const outOfOrder = (ways: Record<string, number>[]) =>
  ways.filter((way) => {
    const lines = Object.values(way)
    return !lines.every((line, i) => Number.isFinite(line) && line > (lines[i - 1] ?? 0))
  })

describe.skipIf(noStrace !== null)('invariant 1: answered means durable', () => {
  test.concurrent('no 200 leaves before intake and document are on the disk, for single and simultaneous receipts', async () => {
    const { result, calls, wal, kktWal } = await traced({}, async ({ post }) => {
      const answers: Printed[] = []
      for (let i = 0; i < ONE_BY_ONE; i++) answers.push(await post())
      return answers.concat(await Promise.all(Array.from({ length: AT_ONCE }, () => post())))
    })
    for (const { code, status } of result) expect({ code, status }).toEqual({ code: 200, status: 'printed' })
    const ways = result.map((answer) => wayOf(answer, calls, wal, kktWal))
    expect(outOfOrder(ways)).toEqual([])
    // Simultaneous receipts did share commits.
    expect(new Set(ways.map(({ journaled }) => journaled)).size).toBeLessThan(ONE_BY_ONE + AT_ONCE / 2)
  })

  test.concurrent('no "buffered" leaves before its intake is on the disk', async () => {
    const { result, calls, wal, kktWal } = await traced(
      { KKT_PRINT_DELAY_MIN: '1', KKT_PRINT_DELAY_MAX: '1', KKT_PRINT_TIMEOUT: '0.05' },
      ({ post }) => Promise.all([1, 2, 3].map(() => post())),
    )
    for (const { code, status } of result) expect({ code, status }).toEqual({ code: 200, status: 'buffered' })
    expect(outOfOrder(result.map((answer) => wayOf(answer, calls, wal, kktWal)))).toEqual([])
  })
})
