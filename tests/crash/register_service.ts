/** The service of a cash register, which a run kills and starts again. Its state is in files of the run's folder. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '@kkt/platform/clock.ts'
import { at, call } from '../harness/http.ts'
import { registerClient } from '../harness/mock_client.ts'
import { type Log, type Service, startService } from './lives.ts'
import { ENDED_MS, RECOVERED_MS } from './recoveries.ts'
import { inTime } from './within.ts'

const MAIN = fileURLToPath(new URL('../../services/mock_kkt/main.ts', import.meta.url))
const ACCOUNT = { KKT_LOGIN: 'kkt', KKT_PASSWORD: 'Mock-register-1' }

const ANSWER_MS = 10_000

type Deps = { folder: string; ofdUrl: string; clock: Clock; log: Log }

export class RegisterService {
  readonly statePath: string
  #service: Service | null = null
  #port = '0'

  constructor(private readonly deps: Deps) {
    this.statePath = join(deps.folder, 'register.db')
  }

  /** The adapter's variables. The service keeps its port for good. */
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

  /** Starts the service where it is not running. Its faults are gone with the process before. */
  async start(): Promise<void> {
    if (this.#service) return
    const { ofdUrl, log, clock } = this.deps
    const settings = {
      PORT: this.#port,
      STATE_PATH: this.statePath,
      OFD_API_URL: ofdUrl,
      KKT_PRINT_DELAY_MIN: '0',
      KKT_PRINT_DELAY_MAX: '0.01',
      ...ACCOUNT,
    }
    this.#service = startService(MAIN, settings, log)
    const url = await inTime("the register's service to listen", RECOVERED_MS, clock, this.#service.url)
    this.#port = new URL(url).port
  }

  async kill(): Promise<void> {
    const service = this.#service
    if (!service) return
    this.#service = null
    service.child.kill('SIGKILL')
    await inTime("the end of the register's service", ENDED_MS, this.deps.clock, service.ended)
  }

  /** All requests are forgotten, as where the service was installed again. Only while it is down. */
  loseQueue(): void {
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(this.deps.folder, `register_requests.db${end}`), { force: true })
  }
}
