/** A Redis server of the run's own, to be killed and paused. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Clock } from '@kkt/platform/clock.ts'
import { ENDED_MS, RECOVERY_MS } from '../crash/crash_run.ts'
import { follow, type Log, type Service } from '../crash/lives.ts'
import { inTime } from '../crash/within.ts'
import type { Deed } from './plan.ts'

export type ChaosRedis = {
  url: string
  kill(): Promise<void>
  start(): Promise<void>
  pause(): void
  goOn(): void
  /** Forgets all it has. */
  flush(): Promise<void>
  /** Makes it refuse all writes, as a replica whose master is gone does. */
  refuse(): Promise<void>
  /** Makes it a master again. */
  obey(): Promise<void>
}

/** How often each thing was done to it. */
export type RedisCounts = { redisRestarts: number; redisPauses: number; flushes: number; refusals: number }

/** No Redis listens on this port (tcpmux). */
const NOBODYS_PORT = 1

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

  async function tell(command: string): Promise<void> {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${command}\r\n`)
    try {
      await once(socket, 'data', { signal: AbortSignal.timeout(ENDED_MS) })
    } finally {
      socket.destroy()
    }
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
    flush: () => tell('FLUSHALL'),
    refuse: () => tell(`REPLICAOF 127.0.0.1 ${NOBODYS_PORT}`),
    obey: () => tell('REPLICAOF NO ONE'),
  }
}

type During = { counts: RedisCounts; wait: (ms: number) => Promise<void>; isOver: () => boolean }

/** Carries out one deed, and undoes it after its time. */
export async function troubleRedis(
  redis: ChaosRedis,
  { do: what, forMs }: Deed,
  { counts, wait, isOver }: During,
): Promise<void> {
  if (what === 'flush') {
    counts.flushes += 1
    await redis.flush()
  } else if (what === 'kill') {
    counts.redisRestarts += 1
    await redis.kill()
    await wait(forMs)
    if (!isOver()) await redis.start()
  } else if (what === 'refuse') {
    counts.refusals += 1
    await redis.refuse()
    await wait(forMs)
    await redis.obey()
  } else {
    counts.redisPauses += 1
    redis.pause()
    await wait(forMs)
    redis.goOn()
  }
}
