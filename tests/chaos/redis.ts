/** A Redis server of the run's own, to be killed and paused. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Clock } from '@kkt/platform/clock.ts'
import { follow, type Log, type Service } from '../crash/lives.ts'
import { ENDED_MS, RECOVERED_MS } from '../crash/recoveries.ts'
import { inTime } from '../crash/within.ts'
import type { Outages } from './plan.ts'

/** No Redis listens on this port (tcpmux). */
const NOBODYS_PORT = 1

/** Null where redis-server is not installed. */
export async function openRedis(port: number, folder: string, log: Log, clock: Clock) {
  const url = `redis://127.0.0.1:${port}`
  let server: Service | null = null

  async function start(): Promise<boolean> {
    const ready = Promise.withResolvers<boolean>()
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
    const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.once('error', () => ready.resolve(false))
    const watched = (line: string) => {
      log(line)
      if (/ready to accept connections/i.test(line)) ready.resolve(true)
    }
    server = follow(child, watched, () => undefined)
    void server.ended.then(
      () => ready.resolve(false),
      () => ready.resolve(false),
    )
    return await inTime('Redis to listen', RECOVERED_MS, clock, ready.promise)
  }

  async function tell(command: string): Promise<void> {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${command}\r\n`)
    try {
      await once(socket, 'data', { signal: AbortSignal.timeout(ENDED_MS) })
    } finally {
      socket.destroy()
    }
  }

  const signal = (name: NodeJS.Signals) => server?.child.kill(name)
  async function kill(): Promise<void> {
    signal('SIGKILL')
    if (server) await inTime('the end of Redis', ENDED_MS, clock, server.ended)
  }
  async function startAgain(): Promise<void> {
    if (!(await start())) throw new Error('Redis did not start again')
  }

  if (!(await start())) return null
  const outages: Outages = {
    kill: { counted: 'redisRestarts', begin: kill, end: startAgain },
    pause: { counted: 'redisPauses', begin: () => signal('SIGSTOP'), end: () => signal('SIGCONT') },
    flush: { counted: 'flushes', begin: () => tell('FLUSHALL'), end: () => undefined },
    // It refuses all writes, as a replica whose master is gone does.
    refuse: {
      counted: 'refusals',
      begin: () => tell(`REPLICAOF 127.0.0.1 ${NOBODYS_PORT}`),
      end: () => tell('REPLICAOF NO ONE'),
    },
  }
  return { url, outages }
}
