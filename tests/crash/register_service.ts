/** The service of a cash register, which a run kills, pauses and starts again. Its FN and its queue are in files of the run's folder. */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@kkt/platform/clock.ts'
import { at, call, expectBody } from '../harness/http.ts'
import { registerClient } from '../harness/mock_client.ts'
import { RegisterOperator } from '../harness/register_operator.ts'
import { registerHealth } from '../harness/wire_mock_kkt.ts'
import { type Log, mainOf, startService } from './lives.ts'
import { RECOVERED_MS } from './recoveries.ts'
import { Supervised } from './supervised.ts'
import { inTime } from './within.ts'

const ACCOUNT = { KKT_LOGIN: 'kkt', KKT_PASSWORD: 'Mock-register-1' }

const ANSWER_MS = 10_000
const LOOKED_MS = 5000

export type RegisterServiceOptions = {
  folder: string
  ofdUrl: string
  clock: Clock
  log: Log
  /** The service keeps its port for good. @default a free one */
  port?: string
  /** The longest time that a document takes. @default 10 */
  slowestPrintMs?: number
  /** Told when the service ends by itself. @default nobody */
  onTrouble?: (what: string) => void
}

export class RegisterService {
  readonly statePath: string
  readonly #process: Supervised
  #port: string
  #lostQueues = 0

  constructor(private readonly options: RegisterServiceOptions) {
    this.statePath = join(options.folder, 'register.db')
    this.#port = options.port ?? '0'
    const { clock, onTrouble } = options
    this.#process = new Supervised({ name: "the register's service", clock, onTrouble })
  }

  /** The variables of an adapter that prints on it. */
  get variables(): Record<string, string> {
    return { KKT_MODE: 'atol', KKT_URL: this.url, ...ACCOUNT }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get control() {
    return registerClient(this.url)
  }

  /** The service as a program of its own account sees it. */
  get api() {
    const authorization = `Basic ${btoa(`${ACCOUNT.KKT_LOGIN}:${ACCOUNT.KKT_PASSWORD}`)}`
    const root = `${this.url}/api/v2`
    return {
      ...at(root, ANSWER_MS, { authorization }),
      delete: (path: string) =>
        call(root + path, { method: 'DELETE', headers: { authorization }, withinMs: ANSWER_MS }),
    }
  }

  /** Starts the service where it is not running. The faults of an earlier process are gone. */
  async start(): Promise<void> {
    if (this.#process.life) return
    const { ofdUrl, log, clock, slowestPrintMs = 10 } = this.options
    const settings = {
      PORT: this.#port,
      STATE_PATH: this.statePath,
      OFD_API_URL: ofdUrl,
      KKT_PRINT_DELAY_MIN: '0',
      KKT_PRINT_DELAY_MAX: String(slowestPrintMs / 1000),
      ...ACCOUNT,
    }
    const life = startService(mainOf('mock_kkt'), settings, log)
    this.#process.begin(life)
    this.#process.watch(life)
    const url = await inTime("the register's service to listen", RECOVERED_MS, clock, life.url)
    this.#port = new URL(url).port
  }

  signal(name: NodeJS.Signals): void {
    this.#process.signal(name)
  }

  /** @returns the signal that ended the process, or else its exit code; null where it was not running */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    return await this.#process.end(signal)
  }

  /** Ends it for good. @returns a line where it did not end well */
  async endWell(): Promise<string[]> {
    const ending = await this.end('SIGTERM')
    return ending === 0 ? [] : [`the register's service did not end well: ${ending}`]
  }

  /** Has it forget all requests, as where the service was installed again. Only while it is down. Their files stay as evidence. */
  loseQueue(): void {
    const { folder } = this.options
    this.#lostQueues += 1
    for (const end of ['', '-wal', '-shm']) {
      const path = join(folder, `register_requests.db${end}`)
      if (existsSync(path)) renameSync(path, join(folder, `lost_requests_${this.#lostQueues}.db${end}`))
    }
  }

  /** Whether nothing is in its queue, or at work. Unknown, and so false, where it does not answer. */
  async #isIdle(withinMs: number): Promise<boolean> {
    const answer = await registerClient(this.url, withinMs)
      .get('/health')
      .catch(() => null)
    return answer?.status === 200 && expectBody(answer, 200, registerHealth).unfinished === 0
  }

  /** @param withinMs the time for each look at the service. @returns a person beside it */
  newOperator(withinMs = LOOKED_MS): RegisterOperator {
    return new RegisterOperator({
      statePath: this.statePath,
      isIdle: () => this.#isIdle(withinMs),
      replaceFn: () => registerClient(this.url, withinMs).replaceFn(),
    })
  }
}
