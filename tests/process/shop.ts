/** A shop: adapters as processes, tills, and an OFD of its own. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { startAdapter } from './adapter_process.ts'
import { soundFolders } from './sound_folders.ts'
import { type Adapter, adapterAt, openTills, soon } from './tills.ts'
import { type Post, type WatchedOfd, watchedOfd } from './watched_ofd.ts'

/** @param name its name at the OFD's door */
async function startIn(ofd: WatchedOfd, name: string, settings: Record<string, string>) {
  const { child, port, ended } = startAdapter({
    LOG_LEVEL: 'info',
    OFD_MODE: 'http',
    OFD_API_URL: await ofd.doorFor(name),
    OFD_TIMEOUT: '2',
    SYNC_INTERVAL: '0.3',
    CIRCUIT_BREAKER_TIMEOUT: '0.3',
    KKT_PRINT_DELAY_MIN: '0.005',
    KKT_PRINT_DELAY_MAX: '0.02',
    ...settings,
  })
  const signal = (name: NodeJS.Signals) => void child.kill(name)

  /**
   * Pauses it, but never in the middle of a commit: it would keep the file locked, and the other adapters on its buffer could
   * journal nothing until it goes on or is killed.
   */
  async function pause(): Promise<void> {
    const buffer = settings['BUFFER_DB_PATH'] ?? ''
    const files = [buffer, join(dirname(buffer), 'kkt.db')].map(openDatabase)
    for (;;) {
      signal('SIGSTOP')
      await soon('it to stand still', () => isStopped(child.pid))
      if (!files.some(isLocked)) break
      signal('SIGCONT')
    }
    for (const file of files) file.close()
  }

  return { ...adapterAt(`http://127.0.0.1:${await port}`), ended, signal, pause }
}

/** Reads Linux' /proc. On other systems a signal counts as obeyed at once. */
function isStopped(pid: number | undefined): boolean {
  try {
    return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

function isLocked(file: Database): boolean {
  try {
    file.exec('BEGIN IMMEDIATE')
    file.exec('ROLLBACK')
    return false
  } catch (error) {
    if (error instanceof StorageFailure) return true
    throw error
  }
}

/** Lets a test file, which calls this once, open shops. Each has one KKT_ID. */
export function shops() {
  const { newFolder } = soundFolders()
  let count = 0
  return async () => await openShop(newFolder(), `KKT-${++count}`)
}

async function openShop(place: string, kktId: string) {
  const ofd = await watchedOfd()

  /** @param host names the buffer. Adapters on the same host share its journal and its cash register. */
  const start = (name: string, host: string, settings: Record<string, string> = {}) =>
    startIn(ofd, name, { BUFFER_DB_PATH: join(place, host, 'buffer.db'), KKT_ID: kktId, ...settings })

  /** Resolves to the first receipt of this adapter that the OFD has taken. */
  async function firstTaken(name: string): Promise<Post> {
    const taken = () => ofd.postsBy(name).find(({ status }) => status === 200)
    const post = (await soon(`${name} to send`, taken)) ?? taken()
    if (!post) throw new Error(`What ${name} has sent was there a moment ago`)
    return post
  }

  return { kktId, ofd, start, firstTaken, ...openTills(ofd.client) }
}

const TILLS = ['POS-1', 'POS-2', 'POS-3', 'POS-4']

/** Two adapters on one buffer. The first is the sender. */
export async function twoOnOneBuffer(openShop: ReturnType<typeof shops>, settings: Record<string, string> = {}) {
  const shop = await openShop()
  const first = await shop.start('first', 'host', settings)
  await soon('the first to be the sender', first.isSender)
  const second = await shop.start('second', 'host', settings)
  const sellTo = (adapters: Adapter[], each: number) =>
    Promise.all(TILLS.map((posId) => shop.sell(posId, each, adapters)))
  return { ...shop, first, second, sellTo, takeOver: () => shop.firstTaken('second') }
}
