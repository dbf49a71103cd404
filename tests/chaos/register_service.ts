/** The service of a cash register, to be killed and paused. Its FN and its queue are in files. */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { type Log, type Service, startService } from '../crash/lives.ts'
import { ENDED_MS, RECOVERED_MS } from '../crash/recoveries.ts'
import { inTime } from '../crash/within.ts'
import { registerClient } from '../harness/mock_client.ts'
import type { Outages } from './plan.ts'
import { RequestsSeen } from './requests_seen.ts'

const MAIN = fileURLToPath(new URL('../../services/mock_kkt/main.ts', import.meta.url))
const LOGIN = 'kkt'
const PASSWORD = 'Mock-register-1'
/** A service that is down or paused is passed over. */
const LOOKED_MS = 1000
/** Ample on a busy machine: only a service that is down or paused spends it. */
const ASKED_MS = 5000

type Options = {
  port: string
  folder: string
  ofdUrl: string
  log: Log
  clock: Clock
  onTrouble: (what: string) => void
}

export type Struck = Record<string, number>

export class RegisterService {
  readonly url: string
  /** All requests for documents that were seen in its queue. */
  readonly requests = new RequestsSeen()
  readonly outages: Outages = {
    kill: { counted: 'registerKills', begin: () => this.#kill(), end: () => this.start() },
    pause: { counted: 'registerPauses', begin: () => this.#signal('SIGSTOP'), end: () => this.#signal('SIGCONT') },
    lose_queue: { counted: 'lostQueues', begin: () => this.#loseQueue(), end: () => this.start() },
  }
  readonly #client: ReturnType<typeof registerClient>
  #life: Service | null = null
  #lostQueues = 0
  /** Of the lives before this one, and as they were told last in this one. */
  #struckBefore: Struck = {}
  #struckNow: Struck = {}

  constructor(private readonly options: Options) {
    this.url = `http://127.0.0.1:${options.port}`
    this.#client = registerClient(this.url, LOOKED_MS)
  }

  /** The settings of an adapter that prints on it. */
  get settings(): Record<string, string> {
    return { KKT_MODE: 'atol', KKT_URL: this.url, KKT_LOGIN: LOGIN, KKT_PASSWORD: PASSWORD }
  }

  get memoryPath(): string {
    return join(this.options.folder, 'register.db')
  }

  /** Strikes of each fault, as far as they were told before a kill. */
  get struck(): Struck {
    return sumOf(this.#struckBefore, this.#struckNow)
  }

  configure = (change: Record<string, unknown>) => registerClient(this.url, ASKED_MS).configure(change)
  exportState = () => registerClient(this.url).exportState()

  /** The faults of an earlier life have ended. */
  async start(): Promise<void> {
    const { port, ofdUrl, log, clock, onTrouble } = this.options
    const settings = {
      PORT: port,
      OFD_API_URL: ofdUrl,
      STATE_PATH: this.memoryPath,
      KKT_LOGIN: LOGIN,
      KKT_PASSWORD: PASSWORD,
      KKT_PRINT_DELAY_MIN: '0',
      // So long that most kills strike a receipt that is under way.
      KKT_PRINT_DELAY_MAX: '0.4',
    }
    const life = startService(MAIN, settings, log)
    this.#life = life
    void life.ended.then((how) => {
      if (this.#life === life) onTrouble(`the register's service ended by itself with ${how}`)
    })
    await inTime("the register's service to listen", RECOVERED_MS, clock, life.url)
  }

  /** Ends its faults, and the calls that they have left hanging. */
  async heal(): Promise<void> {
    await this.#kill()
    await this.start()
  }

  async end(): Promise<NodeJS.Signals | number | null> {
    await this.look()
    return await this.#end('SIGTERM')
  }

  /** Whether nothing is in its queue, or at work. */
  async isIdle(): Promise<boolean> {
    const health = await this.#client.get('/health').catch(() => null)
    return (
      health?.status === 200 && z.looseObject({ unfinished: z.int() }).parse(JSON.parse(health.text)).unfinished === 0
    )
  }

  /** Notes the strikes and the requests, where it answers. */
  async look(): Promise<void> {
    const [counters, requests] = await Promise.all([
      this.#client.counters().catch(() => null),
      this.#client.get('/_test/requests?limit=1000').catch(() => null),
    ])
    if (counters !== null) this.#struckNow = counters.by_fault
    if (requests?.status === 200) this.requests.note(JSON.parse(requests.text))
  }

  async #kill(): Promise<void> {
    await this.look()
    await this.#end('SIGKILL')
    this.#struckBefore = this.struck
    this.#struckNow = {}
  }

  async #loseQueue(): Promise<void> {
    await this.#kill()
    this.#lostQueues += 1
    for (const end of ['', '-wal', '-shm']) {
      const path = join(this.options.folder, `register_requests.db${end}`)
      if (existsSync(path)) renameSync(path, join(this.options.folder, `lost_requests_${this.#lostQueues}.db${end}`))
    }
  }

  #signal = (name: NodeJS.Signals) => this.#life?.child.kill(name)

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    const life = this.#life
    this.#life = null
    if (!life) return null
    life.child.kill(signal)
    return await inTime("the end of the register's service", ENDED_MS, this.options.clock, life.ended)
  }
}

function sumOf(one: Struck, other: Struck): Struck {
  const names = Object.keys({ ...one, ...other })
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}
