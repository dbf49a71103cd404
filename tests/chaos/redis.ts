/** A Redis of the run's own, which is killed and paused. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Clock } from '@kkt/platform/clock.ts'
import { ENDED_MS, RECOVERY_MS } from '../crash/crash_run.ts'
import { follow, type Log, type Service } from '../crash/lives.ts'
import { inTime } from '../crash/within.ts'

export type ChaosRedis = {
  url: string
  kill(): Promise<void>
  start(): Promise<void>
  pause(): void
  goOn(): void
  /** Forgets all it has. */
  flush(): Promise<void>
}

/** Null where redis-server is not installed. */
export async function openRedis(port: number, folder: string, log: Log, clock: Clock): Promise<ChaosRedis | null> {
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
    return await inTime('Redis to listen', RECOVERY_MS, clock, ready.promise)
  }

  if (!(await start())) return null
  return {
    url,
    async kill() {
      server?.child.kill('SIGKILL')
      if (server) await inTime('the end of Redis', ENDED_MS, clock, server.ended)
    },
    async start() {
      if (!(await start())) throw new Error('Redis did not start again')
    },
    pause: () => void server?.child.kill('SIGSTOP'),
    goOn: () => void server?.child.kill('SIGCONT'),
    async flush() {
      const socket = connect(port, '127.0.0.1')
      socket.write('FLUSHALL\r\n')
      try {
        await once(socket, 'data', { signal: AbortSignal.timeout(ENDED_MS) })
      } finally {
        socket.destroy()
      }
    },
  }
}
