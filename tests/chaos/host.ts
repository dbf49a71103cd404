/** An adapter that is killed, paused and started again, on a buffer that it shares with another one. */
import { fileURLToPath } from 'node:url'
import type { Clock } from '@kkt/platform/clock.ts'
import { type Log, type LogEntry, type Service, startService } from '../crash/lives.ts'
import { ENDED_MS, RECOVERED_MS } from '../crash/recoveries.ts'
import type { Doors } from '../crash/tills.ts'
import { inTime } from '../crash/within.ts'
import { adapterClient } from '../harness/clients.ts'
import type { Outages } from './plan.ts'

const MAIN = fileURLToPath(new URL('../../services/kkt_adapter/src/main.ts', import.meta.url))

type Ground = {
  settings: Record<string, string>
  doors: Doors
  clock: Clock
  log: Log
  onEntry: (entry: LogEntry) => void
  /** Told of anything that an adapter does by itself. */
  onTrouble: (what: string) => void
}

export class Host {
  readonly outages: Outages = {
    kill: { counted: 'kills', begin: () => this.end('SIGKILL'), end: () => this.start() },
    pause: { counted: 'pauses', begin: () => this.#signal('SIGSTOP'), end: () => this.#signal('SIGCONT') },
  }
  #life: Service | null = null
  #slowestStartMs = 0
  #failedStarts = 0

  constructor(
    private readonly name: string,
    private readonly ground: Ground,
  ) {}

  get slowestStartMs(): number {
    return this.#slowestStartMs
  }

  /** Starts that ended before the adapter listened. A paused adapter in a commit keeps the buffer locked. */
  get failedStarts(): number {
    return this.#failedStarts
  }

  /** Starts the adapter again until it answers, as a supervisor would. */
  async start(): Promise<void> {
    const { clock } = this.ground
    const startedMs = clock.monotonicMs()
    while (!(await this.#tryToStart())) {
      this.#failedStarts += 1
      if (clock.monotonicMs() - startedMs > RECOVERED_MS) throw new Error(`${this.name} does not start`)
    }
    this.#slowestStartMs = Math.max(this.#slowestStartMs, clock.monotonicMs() - startedMs)
  }

  async #tryToStart(): Promise<boolean> {
    const { settings, clock, doors, log, onEntry, onTrouble } = this.ground
    const life = startService(MAIN, settings, log, onEntry)
    this.#life = life
    const listening = Promise.race([life.url, life.ended.then(() => null)])
    const url = await inTime(`${this.name} to listen`, RECOVERED_MS, clock, listening)
    if (url === null) return false
    void life.ended.then((how) => {
      if (this.#life === life) onTrouble(`${this.name} ended by itself with ${how}`)
    })
    // Any status will do: the adapter may report trouble that the run has caused.
    await adapterClient(url).get('/v1/health')
    doors.open({ url, ended: life.ended })
    return true
  }

  /** Null while it is down. */
  async url(): Promise<string | null> {
    return (await this.#life?.url) ?? null
  }

  #signal = (name: NodeJS.Signals) => this.#life?.child.kill(name)

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    const life = this.#life
    this.#life = null
    if (!life) return null
    life.child.kill(signal)
    return await inTime(`the end of ${this.name}`, ENDED_MS, this.ground.clock, life.ended)
  }
}
