/** Adapters on folders whose files a test may damage. */
import { afterAll } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapterClient, kktClient } from '../harness/clients.ts'
import { receipt } from '../harness/receipts.ts'
import { killAll, startAdapter } from './adapter_process.ts'

type Settings = Record<string, string>

/** Gives a test file folders of its own. After its tests they are removed, and the processes that are left are killed. */
export function soundFolders() {
  const base = mkdtempSync(join(tmpdir(), 'kkt-process-'))
  afterAll(() => {
    killAll()
    rmSync(base, { recursive: true, force: true })
  })
  let folders = 0
  function newFolder(): string {
    const folder = join(base, String(++folders), 'data')
    mkdirSync(folder, { recursive: true })
    return folder
  }
  return { newFolder, newBuffer: () => join(newFolder(), 'buffer.db') }
}

/** Starts an adapter and waits until it listens. @throws Error with its output where it ends instead */
export async function openAdapter(settings: Settings, through?: string[]) {
  const adapter = startAdapter(settings, through)
  const ended = adapter.ended.then(async () => Promise.reject(new Error(`The adapter ended: ${await adapter.errors}`)))
  const url = `http://127.0.0.1:${await Promise.race([adapter.port, ended])}`
  ended.catch(() => undefined)
  return {
    adapter,
    client: adapterClient(url),
    documents: () => kktClient(url).documents(0),
    async kill(): Promise<void> {
      adapter.child.kill('SIGKILL')
      await adapter.ended
    },
  }
}

/** An adapter that sells on the buffer at `path`. */
export async function running(path: string, settings: Settings = {}) {
  const opened = await openAdapter({ BUFFER_DB_PATH: path, ...settings })
  const sell = async (key: string, body = receipt()) => ({ body, ...(await opened.client.print(body, key)) })
  return { ...opened, sell }
}

/** A buffer in this folder whose adapter was killed, so that its WAL holds more than its file. `before`: its files. */
export async function killedBuffer(folder: string) {
  const path = join(folder, 'buffer.db')
  const { sell, kill } = await running(path)
  await sell('key')
  await kill()
  return { folder, path, before: filesOf(folder) }
}

/** The exit code and output of a start that is refused. */
export async function refusedStart(path: string, settings: Settings = {}, through?: string[]) {
  const { ended, errors } = startAdapter({ BUFFER_DB_PATH: path, ...settings }, through)
  return { code: await ended, said: await errors }
}

/** The buffer's bytes, without the -shm, which holds nothing that must last. */
export const filesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.startsWith('buffer.db') && !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  )

export const fdOf = ({ fiscal_doc }: { fiscal_doc: { fiscal_doc_number: number } | null }) =>
  fiscal_doc?.fiscal_doc_number
