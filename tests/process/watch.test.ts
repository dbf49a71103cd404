/** `make watch` in lines, against a real adapter. */
import { afterAll, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MAX_READERS } from '@kkt/platform/hub.ts'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { killAll, startAdapter } from './adapter_process.ts'

const WATCH = fileURLToPath(new URL('../harness/watch/main.ts', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'kkt-watch-'))
let watching: ChildProcess | undefined
afterAll(() => {
  watching?.kill('SIGKILL')
  killAll()
  rmSync(folder, { recursive: true })
})

test(
  'it says why it is refused, follows the adapter once it is not, says when it is gone, and ends at Ctrl-C',
  async () => {
    const adapter = startAdapter({ BUFFER_DB_PATH: join(folder, 'buffer.db') })
    const KKT_ADAPTER_URL = await adapter.url('')
    const readers = await Promise.all(
      Array.from({ length: MAX_READERS }, () => fetch(`${KKT_ADAPTER_URL}/v1/kkt/stream`)),
    )

    const watch = spawn(process.execPath, [WATCH], { env: { ...process.env, KKT_ADAPTER_URL }, stdio: 'pipe' })
    watching = watch
    let said = ''
    watch.stdout.on('data', (bytes) => {
      said += bytes
    })
    const until = (text: string) =>
      eventually(`make watch to say "${text}"`, () => said, {
        withinMs: PATIENT_MS,
        until: (all) => all.includes(text),
      })

    await until('not reached: it answers 503 too_many_readers; trying again\n')
    for (const { body } of readers) await body?.cancel()
    await until('status: unprinted 0  pending 0')
    const { receipt_id } = await adapter.post()
    await until(`${receipt_id}  printing → pending\n`)
    adapter.child.kill('SIGTERM')
    await until('not reached: it has ended the stream; trying again\n')
    watch.kill('SIGINT')
    expect(await once(watch, 'exit')).toEqual([0, null])
  },
  TEST_MS,
)
