import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { type CashRegister, openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import type { Executor } from '@kkt/mock-kkt/executor.ts'
import { deviceFaults } from '@kkt/mock-kkt/faults/device.ts'
import { createOfdDelivery, type OfdDelivery } from '@kkt/mock-kkt/ofd/delivery.ts'
import { createKktService } from '@kkt/mock-kkt/service.ts'
import { createExecutor } from '@kkt/mock-kkt/tasks/executor.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { Disk } from './disk.ts'
import { forward } from './forward.ts'
import { SimProcess } from './process.ts'
import { configured, type ServiceDeath, TASK_FAULTS, type TaskFaultPlan } from './register_faults.ts'
import { silentLogger } from './surroundings.ts'
import { SimTime } from './time.ts'

export const ACCOUNT = { login: 'kkt', password: 'Mock-register-1' }
export const REGISTER_URL = 'http://kkt.invalid:16732'
const OWN_NUMBER = 'KKT-001'

/** Sees the tasks that the register's driver does. `uuid`: of their requests. */
export type TaskWatch = {
  begins(uuid: string): void
  ended(uuid: string, type: string, isDone: boolean): void
}

/** The parts of a history that the service uses. */
type Life = {
  time: SimTime
  random: () => number
  watch: TaskWatch
  /** Called after each commit of the register. */
  committed: () => void
  sendToOfd: (request: Request) => Promise<Response>
  taskMs: number
}
type Living = Life & { clock: Clock; register: CashRegister; delivery: OfdDelivery }

/**
 * The register and its service, as the mock register is. Building the service takes as long as a whole history, so that it is built
 * once. Each history begins with a new register and an empty queue.
 */
export class RegisterService {
  readonly disk = new Disk(openDatabase(':memory:'))
  #living: Living | null = null
  #app
  /** The service is away until then. */
  #awayUntilMs = Number.NEGATIVE_INFINITY

  constructor() {
    const time = new SimTime()
    const clock = time.clockOf(new SimProcess('the register', time))
    const first = openRegister(this.disk.db, { kktNumber: OWN_NUMBER }, { clock })
    this.disk.remember()
    const now = () => this.#now
    const register = forward(first, () => now().register)
    const times = {
      get receiptMinMs() {
        return now().taskMs
      },
      get receiptMaxMs() {
        return now().taskMs
      },
    }
    const service = createKktService({
      clock: forward(clock, () => this.#living?.clock ?? clock),
      logger: silentLogger,
      executor: this.#watched(createExecutor(register, times)),
      register,
      deviceFaults: deviceFaults(forward(first, () => this.#living?.register ?? first)),
      db: openDatabase(':memory:'),
      account: ACCOUNT,
      startsActive: true,
      tell: async () => undefined,
      onWorked: () => this.#living?.delivery.nudge(),
    })
    this.#app = service.app
  }

  get #now(): Living {
    if (!this.#living) throw new Error('No history has begun')
    return this.#living
  }

  get register(): CashRegister {
    return this.#now.register
  }

  get isAway(): boolean {
    return this.#now.time.nowMs < this.#awayUntilMs
  }

  /** A new history. The service forgets all before the first request comes. */
  begin(life: Life): void {
    const process = new SimProcess('the register', life.time)
    const clock = life.time.clockOf(process)
    this.disk.begin(life.committed)
    const user = { process, isObserver: () => false, strike: () => undefined }
    const register = openRegister(this.disk.openedBy(user), { kktNumber: OWN_NUMBER }, { clock })
    this.#awayUntilMs = Number.NEGATIVE_INFINITY
    const delivery = this.#delivery(life, register, clock)
    this.#living = { ...life, clock, register, delivery }
    delivery.start()
    void this.#control('reset')
  }

  #delivery({ random, sendToOfd }: Life, register: CashRegister, clock: Clock): OfdDelivery {
    return createOfdDelivery({
      register,
      clock,
      logger: silentLogger,
      url: 'http://ofd.invalid',
      send: sendToOfd,
      random,
    })
  }

  handle(request: Request): Promise<Response> {
    return this.#app.handle(request)
  }

  /** It dies, and is back after a while. The network cuts off its clients. */
  die({ queue, made, ms }: ServiceDeath): void {
    const living = this.#now
    this.#awayUntilMs = Math.max(this.#awayUntilMs, living.time.nowMs + ms)
    void this.#control('config', { restart: { queue, made, seconds: ms / 1000 } })
    void living.delivery.stop()
    living.time.after(ms, () => {
      // Another history has begun, it has died again meanwhile, or it is back already.
      if (this.#living !== living || this.isAway) return
      const delivery = this.#delivery(living, living.register, living.clock)
      this.#living = { ...living, delivery }
      delivery.start()
    })
  }

  strikeTasks(plan: TaskFaultPlan): void {
    void this.#control('config', configured(plan))
  }

  forgetResults(): void {
    void this.#control('config', { results_deleted: true })
  }

  heal(): void {
    this.register.faults.reset()
    void this.#control('config', Object.fromEntries(TASK_FAULTS.map((name) => [name, null])))
  }

  async #control(what: 'config' | 'reset', body: object = {}): Promise<void> {
    const response = await this.handle(
      new Request(`${REGISTER_URL}/_test/${what}`, { method: 'POST', body: JSON.stringify(body) }),
    )
    if (response.status !== 200)
      throw new Error(`The mock register answers ${response.status} to ${JSON.stringify(body)}`)
  }

  #watched(executor: Executor): Executor {
    return {
      ...executor,
      run: (task, given) => {
        const { watch } = this.#now
        watch.begins(given.uuid)
        const end = executor.run(task, given)
        watch.ended(given.uuid, typeOf(task), end.status === 'ready')
        return end
      },
    }
  }
}

const typeOf = (task: unknown): string =>
  typeof task === 'object' && task !== null && 'type' in task ? String(task.type) : ''
