/** A real Redis, for tests that need one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { type FaultyLink, openFaultyLink } from './faulty_link.ts'

/** A Redis user with all rights, some of which a test takes away. */
export type RedisUser = {
  readonly credentials: string
  /** Rules such as `-eval` or `+eval`. */
  may(...rules: string[]): Promise<void>
}

export type RealRedis = {
  /** Opens a link of the test's own to Redis. */
  openLink(user?: RedisUser): Promise<FaultyLink & { url: string }>
  addUser(): Promise<RedisUser>
  client: Redis
  close(): Promise<void>
}

type Server = { at: NetConnectOpts; credentials: string; stop: () => void }

/**
 * The stack's Redis when REDIS_URL names it, otherwise one started here if redis-server is installed. Without either it
 * prints a line, because the tests that need Redis cannot run.
 * @param database its number: no two test files share one
 */
export async function openRealRedis(database: number): Promise<RealRedis | null> {
  const { REDIS_URL } = process.env
  const server = REDIS_URL ? named(REDIS_URL) : await startServer()
  if (server === null) {
    process.stderr.write(
      'No REDIS_URL and no redis-server (Debian: apt install redis-server): what takes Redis is skipped.\n',
    )
    return null
  }
  const direct = await openFaultyLink(server.at)
  const urlOf = ({ port }: FaultyLink, { credentials } = server) =>
    `redis://${credentials}127.0.0.1:${port}/${database}`
  const client = new Redis(urlOf(direct), { maxRetriesPerRequest: 1 })
  await client.flushdb()
  const links: FaultyLink[] = [direct]
  const users: string[] = []
  return {
    client,
    async openLink(user) {
      const link = await openFaultyLink(server.at)
      links.push(link)
      return { ...link, url: urlOf(link, { ...server, ...user }) }
    },
    async addUser() {
      const name = randomUUID()
      users.push(name)
      const may = async (...rules: string[]) => void (await client.call('ACL', 'SETUSER', name, ...rules))
      await may('on', '>secret', '~*', '+@all')
      return { credentials: `${name}:secret@`, may }
    },
    async close() {
      for (const name of users) await client.call('ACL', 'DELUSER', name)
      await client.flushdb()
      client.disconnect()
      for (const link of links) link.close()
      server.stop()
    },
  }
}

function named(url: string): Server {
  const { hostname, port, username, password } = new URL(url)
  const credentials = password ? `${username}:${password}@` : ''
  return { at: { host: hostname, port: Number(port || 6379) }, credentials, stop: () => undefined }
}

/** On a socket in a folder of its own, so that no port can be taken. */
async function startServer(): Promise<Server | null> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const path = join(folder, 'redis.sock')
  const options = ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder]
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  if (await isReady(child)) return { at: { path }, credentials: '', stop }
  stop()
  return null
}

/** False when the program is not installed, or ends. */
function isReady(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', () => resolve(false))
    createInterface(child.stdout).on('line', (line) => {
      if (/ready to accept connections/i.test(line)) resolve(true)
    })
  })
}
