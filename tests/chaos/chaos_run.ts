import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { NO_FAULTS } from '@kkt/adapter/src/kkt/mock/faults.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { logTo, RECOVERY_MS } from '../crash/crash_run.ts'
import { DeadLetters, type Drained, drain } from '../crash/drain.ts'
import { keepJson } from '../crash/kept_run.ts'
import { bufferIn, killAll, type LogEntry, SETTINGS, startService } from '../crash/lives.ts'
import { createTills, Doors, POS_IDS, type Tills } from '../crash/tills.ts'
import { TillsFileTurns } from '../crash/tills_file_turns.ts'
import { inTime } from '../crash/within.ts'
import { adapterClient, odooClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { interruption, throwIfInterrupted } from '../harness/stack/interruption.ts'
import { randomPorts } from '../harness/stack/ports.ts'
import { noFaults } from './fault_plans.ts'
import { Host } from './host.ts'
import {
  ACTORS,
  type Actor,
  type Counts,
  type Deed,
  ODOO_FAULTS,
  OFD_FAULTS,
  type Outage,
  planChaos,
  type Schedule,
} from './plan.ts'
import { openRedis } from './redis.ts'
import { keepExports } from './report.ts'

const mainOf = (service: string) => fileURLToPath(new URL(`../../services/${service}/main.ts`, import.meta.url))

/** A till turns to the other adapter after this time, as when its own is paused. */
const PATIENCE_MS = 1500
/** Half of what the mock OFD keeps: it may forget none before the comparison. */
const MOST_SALES = 10_000
const SHORTEST_PACE_MS = 40
/** A fault may close a mock's port, and its control side with it. */
const REACHED_MS = 30_000
const ASKED_MS = 2000
/** The OFD never takes a receipt that it has rejected, so a requeue would be in vain. */
const REJECTED = 'the OFD has rejected it'

/** A fault may strike a single till for the whole run. Its receipts must not become dead letters for that. */
const PATIENT = { MAX_RETRY_ATTEMPTS: '10000', OFD_TIMEOUT: '0.5', ODOO_HEARTBEAT_INTERVAL: '0.2' }

type Struck = Record<string, number>

export type Outcome = Drained & {
  counts: Counts & { takeOvers: number }
  hasRedis: boolean
  slowestStartMs: number
  failedStarts: number
  schedule: Schedule
  /** Strikes of each fault, as the mocks count them. */
  struck: { ofd: Struck; odoo: Struck }
  /** The mocks' whole state. */
  exports: { ofd: unknown; odoo: unknown }
}

type Options = { ms: number; seed: number; folder: string; clock?: Clock }

/** Makes everything fail while tills sell, heals everything, and compares what the tills, the journal, the FN and OFD hold. */
export async function chaosRun({ clock = systemClock, ...options }: Options): Promise<Outcome> {
  try {
    const ground = await startGround(options.folder, clock)
    const run = new ChaosRun({ ...options, clock, ...ground })
    return await run.run().catch(async (error) => {
      await run.keepUnfinished()
      throw error
    })
  } finally {
    killAll()
  }
}

/** Starts everything but the adapters, on ports that no outgoing connection takes while a service is down. */
async function startGround(folder: string, clock: Clock) {
  const { OFD = '', ODOO = '', REDIS = '' } = await randomPorts(['OFD', 'ODOO', 'REDIS'], randomInt)
  const start = async (service: string, PORT: string) =>
    await inTime(
      `${service} to listen`,
      RECOVERY_MS,
      clock,
      startService(mainOf(service), { PORT }, logTo(folder, `${service}.log`)).url,
    )
  const [ofdUrl, odooUrl, redis] = await Promise.all([
    start('mock_ofd', OFD),
    start('mock_odoo', ODOO),
    openRedis(Number(REDIS), folder, logTo(folder, 'redis.log'), clock),
  ])
  return { ofdUrl, odooUrl, redis }
}

class ChaosRun {
  readonly #clock: Clock
  readonly #doors = new Doors()
  readonly #ofd: ReturnType<typeof ofdClient>
  readonly #odoo: ReturnType<typeof odooClient>
  readonly #hosts: readonly [Host, Host]
  readonly #schedule: Schedule
  readonly #tills: Tills
  readonly #tillsFile: TillsFileTurns
  readonly #over = new AbortController()
  readonly #deadLetters = new DeadLetters()
  readonly #troubles: string[] = []
  readonly #counts: Counts = {
    kills: 0,
    pauses: 0,
    redisRestarts: 0,
    redisPauses: 0,
    flushes: 0,
    refusals: 0,
    kktFaults: 0,
  }
  #leasesTaken = 0

  constructor(private readonly options: Required<Options> & Awaited<ReturnType<typeof startGround>>) {
    const { clock, ofdUrl, odooUrl, ms, seed } = options
    this.#clock = clock
    this.#ofd = ofdClient(ofdUrl, ASKED_MS)
    this.#odoo = odooClient(odooUrl, ASKED_MS)
    this.#schedule = planChaos(ms, seed)
    this.#tillsFile = new TillsFileTurns(options.folder)
    this.#hosts = [this.#host('adapter 1'), this.#host('adapter 2')]
    const pace = { patienceMs: PATIENCE_MS, paceMs: Math.max(SHORTEST_PACE_MS, (ms * POS_IDS.length) / MOST_SALES) }
    this.#tills = createTills({ doors: this.#doors, seed, clock, afterwards: 'put right and refund', ...pace })
  }

  async run(): Promise<Outcome> {
    const { seed, clock } = this.options
    const tills = this.#tills
    await this.#ofd.configure({ seed, deduplicate: false, judge: 'strict' })
    await this.#odoo.configure({ seed })
    for (const host of this.#hosts) await host.start()
    tills.open()
    await this.#doAll()
    throwIfInterrupted()
    const url = await this.#heal()
    const drained = await drain({
      adapter: adapterClient(url),
      ofd: ofdClient(this.options.ofdUrl),
      tills,
      tillsFiles: this.#tillsFile.versions,
      clock,
      deadLetters: this.#deadLetters,
      buffer: bufferIn(this.options.folder),
      isLossy: false,
      requeue: () => this.#requeue(url),
      end: () => Promise.all(this.#hosts.map((host) => host.end('SIGTERM'))),
    })
    const [ofd, odoo] = [await this.#ofd.exportState(), await this.#odoo.exportState()]
    return {
      ...drained,
      troubles: [...this.#troubles, ...drained.troubles],
      counts: { ...this.#counts, takeOvers: Math.max(0, this.#leasesTaken - 1) },
      hasRedis: this.options.redis !== null,
      slowestStartMs: Math.max(...this.#hosts.map(({ slowestStartMs }) => slowestStartMs)),
      failedStarts: this.#hosts.reduce((sum, { failedStarts }) => sum + failedStarts, 0),
      schedule: this.#schedule,
      struck: { ofd: ofd.counters.by_fault, odoo: odoo.counters.by_fault },
      exports: { ofd, odoo },
    }
  }

  /** Keeps the evidence of a run that threw, before its processes are killed. */
  async keepUnfinished(): Promise<void> {
    const [ofd, odoo] = await Promise.all([this.#ofd, this.#odoo].map((mock) => mock.exportState().catch(String)))
    keepExports(this.options.folder, { ofd, odoo })
    keepJson(this.options.folder, { answers: this.#tills.sales })
  }

  #host(name: 'adapter 1' | 'adapter 2'): Host {
    const { folder, ofdUrl, odooUrl, redis } = this.options
    const on = {
      BUFFER_DB_PATH: bufferIn(folder),
      OFD_API_URL: ofdUrl,
      ODOO_API_URL: odooUrl,
      TILLS_FILE: this.#tillsFile.path,
    }
    return new Host(name, {
      settings: { ...SETTINGS, ...PATIENT, ...on, ...(redis && { REDIS_URL: redis.url }) },
      doors: this.#doors,
      clock: this.#clock,
      log: logTo(folder, `${name.replace(' ', '_')}.log`),
      onEntry: (entry) => this.#noteTakeOver(entry),
      onTrouble: (what) => this.#troubles.push(what),
    })
  }

  #noteTakeOver(entry: LogEntry): void {
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
    const all = ACTORS.map((actor) =>
      lane(actor).catch((error) => {
        this.#over.abort()
        throw error
      }),
    )
    const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected')
    throwIfInterrupted()
    if (failed?.status === 'rejected') throw failed.reason
    await this.#wait(startedMs + this.options.ms - this.#clock.monotonicMs())
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted || interruption.aborted
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.wait(ms, AbortSignal.any([this.#over.signal, interruption]))
  }

  async #do(actor: Actor, deed: Deed): Promise<void> {
    if (deed.do === 'faults') return await this.#configure(actor === 'odoo' ? this.#odoo : this.#ofd, deed.change)
    if (deed.do === 'requeue') return await this.#requeueSomewhere()
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
    return this.#hosts[actor === 'adapter 1' ? 0 : 1].outages[deed.do]
  }

  async #configure(
    mock: { configure(change: Record<string, unknown>): Promise<unknown> },
    change: Record<string, unknown>,
  ) {
    const isReached = () =>
      mock.configure(change).then(
        () => true,
        (error: unknown) => {
          if (String(error).startsWith('Error: unexpected answer')) throw error
          return false
        },
      )
    await eventually('a mock to be reached', isReached, { withinMs: REACHED_MS, clock: this.#clock })
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

  /** An operator's requeue. It is given up where no adapter answers, and comes again later. */
  async #requeueSomewhere(): Promise<void> {
    const asked = this.#doors.adapter().then(({ url }) => this.#requeue(url))
    await Promise.race([asked.catch(() => undefined), this.#wait(ASKED_MS)])
  }

  async #requeue(url: string): Promise<void> {
    const adapter = adapterClient(url)
    for (const { receipt_id: id, last_error: error } of await this.#deadLetters.read(adapter)) {
      if (error !== REJECTED) await adapter.post(`/v1/kkt/buffer/dlq/${id}/requeue`)
    }
  }

  /** @returns the URL of an adapter that listens */
  async #heal(): Promise<string> {
    await this.#configure(this.#ofd, { ...noFaults(OFD_FAULTS), deduplicate: false })
    await this.#configure(this.#odoo, noFaults(ODOO_FAULTS))
    for (const host of this.#hosts) {
      const url = await host.url()
      if (url === null) throw new Error('An adapter is down in the end')
      await adapterClient(url).post('/v1/kkt/_test/config', NO_FAULTS)
    }
    return (await this.#doors.adapter()).url
  }
}
