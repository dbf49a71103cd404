import { NO_FAULTS } from '@kkt/mock-kkt/device/faults.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { DeadLetters, type Drained, drain } from '../crash/drain.ts'
import { keepJson } from '../crash/kept_run.ts'
import { bufferIn, killAll, type LogEntry, logTo, SETTINGS } from '../crash/lives.ts'
import { createTills, Doors, POS_IDS, type Tills } from '../crash/tills.ts'
import { TillsFileTurns } from '../crash/tills_file_turns.ts'
import type { Kkt } from '../harness/asked.ts'
import { adapterClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import type { RegisterOperator } from '../harness/register_operator.ts'
import { interruption, throwIfInterrupted } from '../harness/stack/interruption.ts'
import { startGround } from './ground.ts'
import { Host } from './host.ts'
import { type Exports, Mocks } from './mocks.ts'
import { Operator } from './operator.ts'
import { type Actor, actorsWith, type Counts, type Deed, type Outage, planChaos, type Schedule } from './plan.ts'
import type { Struck } from './register_actor.ts'
import { keepExports } from './report.ts'
import { attemptsIn } from './requests_seen.ts'

/** A till turns to the other adapter after this time, as when its own is paused. */
const PATIENCE_MS = 1500
/** Half of what the mock OFD keeps: it may forget none before the comparison. */
const MOST_SALES = 10_000
const SHORTEST_PACE_MS = 40
const ASKED_MS = 2000

/** A fault may strike a single till for the whole run. Its receipts must not become dead letters for that. */
const PATIENT = { MAX_RETRY_ATTEMPTS: '10000', OFD_TIMEOUT: '0.5', ODOO_HEARTBEAT_INTERVAL: '0.2' }

export type Outcome = Drained & {
  counts: Counts & { takeOvers: number; lookUps: number }
  hasRedis: boolean
  slowestStartMs: number
  failedStarts: number
  schedule: Schedule
  /** Strikes of each fault, as the mocks count them. */
  struck: Record<keyof Exports, Struck>
  exports: Exports
  /** Everything that only a person could settle, by that person's words. Null where the register is no service. */
  settled: RegisterOperator['counts'] | null
}

/** `leastSales`: the run goes on until there are more, however slow the machine is. */
type Options = {
  ms: number
  seed: number
  folder: string
  kkt?: Kkt
  clock?: Clock
  leastSales?: number
  /** Told how far a long step at the end of the run is. */
  onProgress?: (line: string) => void
}

/** As long as a test may take that waits for them. */
const SOLD_MS = 120_000

/** Makes everything fail while tills sell, heals everything, and compares what the tills, the journal, the FN and OFD hold. */
export async function chaosRun(options: Options): Promise<Outcome> {
  const { folder, kkt = 'mock', clock = systemClock, leastSales = 0, onProgress = () => undefined } = options
  try {
    const troubles: string[] = []
    const ground = await startGround({ folder, kkt, onTrouble: (what) => troubles.push(what) }, clock)
    const run = new ChaosRun({ ...options, kkt, clock, leastSales, onProgress, troubles, ...ground })
    return await run.run().catch(async (error) => {
      await run.keepUnfinished()
      throw error
    })
  } finally {
    killAll()
  }
}

type Ground = Awaited<ReturnType<typeof startGround>> & { troubles: string[] }

class ChaosRun {
  readonly #clock: Clock
  readonly #doors = new Doors()
  readonly #mocks: Mocks
  readonly #hosts: readonly [Host, Host]
  readonly #schedule: Schedule
  readonly #tills: Tills
  readonly #tillsFile: TillsFileTurns
  readonly #over = new AbortController()
  readonly #deadLetters = new DeadLetters()
  readonly #operator: Operator
  /** Null where the register is no service of its own. */
  readonly #atRegister: RegisterOperator | null
  readonly #counts: Counts = {
    kills: 0,
    pauses: 0,
    redisRestarts: 0,
    redisPauses: 0,
    flushes: 0,
    refusals: 0,
    kktFaults: 0,
    registerKills: 0,
    registerPauses: 0,
    lostQueues: 0,
  }
  #leasesTaken = 0
  #lookUps = 0

  constructor(private readonly options: Required<Options> & Ground) {
    const { clock, ms, seed, kkt, register } = options
    this.#clock = clock
    this.#mocks = new Mocks(options)
    this.#schedule = planChaos(ms, seed, kkt)
    this.#atRegister = register?.newOperator() ?? null
    const [doors, deadLetters, over] = [this.#doors, this.#deadLetters, this.#over.signal]
    this.#operator = new Operator({ doors, deadLetters, atRegister: this.#atRegister, clock, over })
    this.#tillsFile = new TillsFileTurns(options.folder)
    this.#hosts = [this.#host('adapter 1'), this.#host('adapter 2')]
    const pace = { patienceMs: PATIENCE_MS, paceMs: Math.max(SHORTEST_PACE_MS, (ms * POS_IDS.length) / MOST_SALES) }
    this.#tills = createTills({
      doors: this.#doors,
      seed,
      clock,
      afterwards: 'put right and refund',
      kkt: kkt === 'atol' ? 'register' : 'in_process',
      ...pace,
    })
  }

  async run(): Promise<Outcome> {
    const { seed, troubles } = this.options
    const tills = this.#tills
    await this.#mocks.begin(seed)
    for (const host of this.#hosts) await host.start()
    tills.open()
    await this.#doAll()
    throwIfInterrupted()
    const url = await this.#heal()
    const drained = await this.#drain(url)
    const ended = await this.#mocks.end()
    troubles.push(...drained.troubles, ...(await this.#registerFaults()))
    return {
      ...drained,
      troubles,
      counts: { ...this.#counts, takeOvers: Math.max(0, this.#leasesTaken - 1), lookUps: this.#lookUps },
      hasRedis: this.options.redis !== null,
      slowestStartMs: Math.max(...this.#hosts.map(({ slowestStartMs }) => slowestStartMs)),
      failedStarts: this.#hosts.reduce((sum, { failedStarts }) => sum + failedStarts, 0),
      schedule: this.#schedule,
      ...ended,
      settled: this.#atRegister?.counts ?? null,
    }
  }

  /** Ends the register's service. @returns a line for each fault that its queue shows */
  async #registerFaults(): Promise<string[]> {
    const { register, folder } = this.options
    if (register === null) return []
    const notWell = await register.end()
    return [...notWell, ...register.requests.overlaps(attemptsIn(bufferIn(folder)))]
  }

  async #drain(url: string): Promise<Drained> {
    return await drain({
      adapter: adapterClient(url),
      ofd: ofdClient(this.options.ofdUrl),
      tills: this.#tills,
      ...(this.#atRegister &&
        this.options.register && {
          register: { statePath: this.options.register.service.statePath, operator: this.#atRegister },
        }),
      tillsFiles: this.#tillsFile.versions,
      clock: this.#clock,
      onProgress: this.options.onProgress,
      deadLetters: this.#deadLetters,
      buffer: bufferIn(this.options.folder),
      isLossy: false,
      requeue: () => this.#operator.requeue(url),
      end: () => Promise.all(this.#hosts.map((host) => host.end('SIGTERM'))),
    })
  }

  /** Keeps the evidence of a run that threw, before its processes are killed. */
  async keepUnfinished(): Promise<void> {
    keepExports(this.options.folder, await this.#mocks.leftBehind())
    keepJson(this.options.folder, { answers: this.#tills.sales })
  }

  #host(name: 'adapter 1' | 'adapter 2'): Host {
    const { folder, ofdUrl, odooUrl, redis, register, troubles } = this.options
    const on = {
      BUFFER_DB_PATH: bufferIn(folder),
      ODOO_API_URL: odooUrl,
      TILLS_FILE: this.#tillsFile.path,
      ...(register?.service.variables ?? { OFD_API_URL: ofdUrl }),
    }
    return new Host(name, {
      settings: { ...SETTINGS, ...PATIENT, ...on, ...(redis && { REDIS_URL: redis.url }) },
      doors: this.#doors,
      clock: this.#clock,
      log: logTo(folder, `${name.replace(' ', '_')}.log`),
      onEntry: (entry) => this.#note(entry),
      onTrouble: (what) => troubles.push(what),
    })
  }

  #note(entry: LogEntry): void {
    if (entry.event === 'receipt_looked_up') this.#lookUps += 1
    if (entry.event === 'lease_changed' && entry['to'] === 'held') this.#leasesTaken += 1
  }

  /** Runs each actor's deeds beside those of the others. When one fails, the others end too. */
  async #doAll(): Promise<void> {
    const startedMs = this.#clock.monotonicMs()
    const lane = async (actor: Actor) => {
      for (const deed of this.#schedule[actor]) {
        await this.#wait(startedMs + deed.atMs - this.#clock.monotonicMs())
        if (this.#isOver) return
        await this.#do(actor, deed)
      }
    }
    const all = actorsWith(this.options.kkt).map((actor) =>
      lane(actor).catch((error) => {
        this.#over.abort()
        throw error
      }),
    )
    const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected')
    throwIfInterrupted()
    if (failed?.status === 'rejected') throw failed.reason
    await this.#wait(startedMs + this.options.ms - this.#clock.monotonicMs())
    const hasSold = async () => this.#isOver || this.#tills.sales.length > this.options.leastSales
    await eventually('enough sales', hasSold, { withinMs: SOLD_MS, clock: this.#clock })
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted || interruption.aborted
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.wait(ms, AbortSignal.any([this.#over.signal, interruption]))
  }

  async #do(actor: Actor, deed: Deed): Promise<void> {
    if (deed.do === 'faults') {
      if (actor === 'kkt') this.#counts.kktFaults += 1
      return await this.#mocks.putOn(actor, deed.change)
    }
    if (deed.do === 'requeue') return await this.#operator.requeueSomewhere()
    if (deed.do === 'settle') return await this.#operator.settleSomewhere()
    if (deed.do === 'settings') return this.#tillsFile.change()
    const outage = this.#outage(actor, deed)
    // Without Redis nothing is done to it.
    if (!outage) return
    this.#counts[outage.counted] += 1
    await outage.begin()
    await this.#wait(deed.forMs)
    if (!this.#isOver) await outage.end()
  }

  #outage(actor: Actor, deed: Deed): Outage | undefined {
    if (deed.do === 'kkt') {
      return {
        counted: 'kktFaults',
        begin: () => this.#tellKkts(deed.faults),
        end: () => this.#tellKkts(NO_FAULTS),
      }
    }
    if (actor === 'redis') return this.options.redis?.outages[deed.do]
    if (actor === 'register') return this.options.register?.outages[deed.do]
    return this.#hosts[actor === 'adapter 1' ? 0 : 1].outages[deed.do]
  }

  /** Skips an adapter that is down or paused. Its faults end with its life, or when everything is healed. */
  async #tellKkts(faults: object): Promise<void> {
    const tell = async (host: Host) => {
      const url = await host.url()
      if (url) await adapterClient(url).post('/v1/kkt/_test/config', faults, undefined, ASKED_MS)
    }
    const told = this.#hosts.map((host) => tell(host).catch(() => undefined))
    await Promise.race([Promise.all(told), this.#wait(ASKED_MS)])
  }

  /** @returns the URL of an adapter that listens */
  async #heal(): Promise<string> {
    await this.#mocks.heal()
    for (const host of this.#hosts) {
      const url = await host.url()
      if (url === null) throw new Error('An adapter is down in the end')
      if (this.options.register === null) await adapterClient(url).post('/v1/kkt/_test/config', NO_FAULTS)
    }
    return (await this.#doors.adapter()).url
  }
}
