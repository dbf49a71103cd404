/** An adapter that is killed, paused and started again, on a buffer that it shares with another one. */
import type { Clock } from '@kkt/platform/clock.ts'
import { type Log, type LogEntry, mainOf, startService } from '../crash/lives.ts'
import { RECOVERED_MS } from '../crash/recoveries.ts'
import { Supervised } from '../crash/supervised.ts'
import type { Doors } from '../crash/tills.ts'
import { inTime } from '../crash/within.ts'
import { adapterClient } from '../harness/clients.ts'
import type { Outages } from './plan.ts'

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
    pause: {
      counted: 'pauses',
      begin: () => this.#process.signal('SIGSTOP'),
      end: () => this.#process.signal('SIGCONT'),
    },
  }
  readonly #process: Supervised
  #slowestStartMs = 0
  #failedStarts = 0

  constructor(
    private readonly name: string,
    private readonly ground: Ground,
  ) {
    this.#process = new Supervised({ name, clock: ground.clock, onTrouble: ground.onTrouble })
  }

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
    const { settings, clock, doors, log, onEntry } = this.ground
    const life = startService(mainOf('kkt_adapter/src'), settings, log, onEntry)
    this.#process.begin(life)
    const listening = Promise.race([life.url, life.ended.then(() => null)])
    const url = await inTime(`${this.name} to listen`, RECOVERED_MS, clock, listening)
    if (url === null) return false
    this.#process.watch(life)
    // Any status will do: the adapter may report trouble that the run has caused.
    await adapterClient(url).get('/v1/health')
    doors.open({ url, ended: life.ended })
    return true
  }

  /** Null while it is down. */
  async url(): Promise<string | null> {
    return (await this.#process.life?.url) ?? null
  }

  end = (signal: 'SIGKILL' | 'SIGTERM') => this.#process.end(signal)
}
