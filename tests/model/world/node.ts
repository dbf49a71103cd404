import { createAdapter } from '@kkt/adapter/src/adapter.ts'
import { paceOf } from '@kkt/adapter/src/config.ts'
import { PaceKeeper } from '@kkt/adapter/src/http/pace.ts'
import { createJournal, type Journal } from '@kkt/adapter/src/journal/journal.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { LogFields, Logger, LogLevel } from '@kkt/platform/logger.ts'
import { reached } from './device.ts'
import type { User } from './disk.ts'
import { type OpenedKkt, openAtol, openMock } from './drivers.ts'
import type { Ground } from './ground.ts'
import { Killed, SimProcess } from './process.ts'
import { type RestingPoint, Strikes } from './strikes.ts'
import { NOTHING_AROUND } from './surroundings.ts'

type Adapter = ReturnType<typeof createAdapter>
export type Answer = { status: number; headers: Headers; text: string }

/** A machine that runs one adapter process at a time, and can be told to crash, pause and start it. */
export class SimNode {
  readonly strikes = new Strikes()
  /** The delay of the KKT's answers. */
  kktAnswersInMs = 0
  #process: SimProcess | null = null
  #adapter: Adapter | null = null
  #listens = false
  #starts = 0
  /** Whether the model is reading the journal, which meets no faults then. */
  #isObserved = false
  #unanswered = new Set<Promise<unknown>>()

  constructor(
    readonly name: string,
    private readonly ground: Ground,
  ) {}

  get isUp(): boolean {
    return this.#process !== null && !this.#process.isDead
  }

  /** Whether its buffer's files are no longer at their path. Only a restart ends that. */
  get isDisplaced(): boolean {
    return this.#process !== null && this.ground.journalDisk.hasDisplaced(this.#process)
  }

  get isPaused(): boolean {
    return this.#process?.isPaused ?? false
  }

  get listens(): boolean {
    return this.isUp && this.#listens
  }

  /** Whether it was told to stop and has not ended yet. */
  get isStopping(): boolean {
    return this.listens && this.#adapter?.served.isStopping() === true
  }

  /** The lease as its running process sees it, paused or not. Reading it changes nothing. */
  get lease(): ReturnType<Adapter['served']['leaseState']> | null {
    if (!this.isUp) return null
    this.#isObserved = true
    const state = this.#adapter?.served.leaseState() ?? null
    this.#isObserved = false
    return state
  }

  /** The token by which it may send now, or null. */
  get fencingToken(): number | null {
    return this.listens && !this.isPaused ? (this.lease?.fencingToken ?? null) : null
  }

  /** The parts that its HTTP side serves, of the present or last process. */
  get served(): Adapter['served'] | null {
    return this.#adapter?.served ?? null
  }

  /** The name of the present or last process in the journal. */
  get self(): string {
    const { restartsInPlace } = this.ground
    return `${this.name}${restartsInPlace ? '' : ` ${this.#starts}`}|1|${this.name} ${this.#starts}`
  }

  start(): void {
    if (this.isUp) return
    this.#starts += 1
    this.#listens = false
    const process = new SimProcess(this.self, this.ground.time)
    this.#process = process
    this.ground.watch.started(this)
    try {
      const adapter = createAdapter(this.#adapterGround(process))
      this.#adapter = adapter
      this.ground.front.serveFrom(adapter.served)
      void adapter.recover().then(() => {
        this.#listens = true
        adapter.start()
      })
    } catch (error) {
      // A process that cannot open its files says so and ends.
      if (error instanceof Killed) return
      if (!(error instanceof StorageFailure)) throw error
      this.#end()
      this.ground.watch.ended(this, 'did not start')
    }
  }

  crash(): void {
    if (!this.isUp) return
    this.#end()
    this.ground.watch.ended(this, 'crashed')
  }

  /** Stops it as SIGSTOP does, until this time has passed or it is resumed. */
  pause(ms: number): void {
    const process = this.#process
    process?.pause()
    this.ground.time.after(ms, () => process?.resume())
  }

  resume(): void {
    this.#process?.resume()
  }

  /** Ends it in an orderly way, as SIGTERM does. */
  stop(): void {
    const [process, adapter] = [this.#process, this.#adapter]
    if (!process || !adapter || !this.listens || this.isStopping) return
    process.enter(() => {
      const answered = async () => void (await Promise.allSettled(this.#unanswered))
      const exit = () => {
        if (process.isDead) return
        this.#end()
        this.ground.watch.ended(this, 'stopped')
      }
      adapter
        .stop(answered)
        .then(() => adapter.served.journal.close())
        .then(exit, exit)
    })
  }

  /** @returns null where no answer came, because the process does not listen or has died */
  ask(request: Request): Promise<Answer | null> {
    const [process, { front }] = [this.#process, this.ground]
    if (!process || !this.listens) return Promise.resolve(null)
    return new Promise((resolve) => {
      process.onKill(() => resolve(null))
      process.enter(() => {
        const answered = front.handle(request).then(async (response) => {
          const { status, headers } = response
          const text = await response.text()
          process.enter(() => resolve({ status, headers, text }))
        })
        this.#unanswered.add(answered)
        void answered.finally(() => this.#unanswered.delete(answered))
      })
    })
  }

  #end(): void {
    const process = this.#process
    if (!process) return
    process.kill()
    for (const disk of [this.ground.journalDisk, this.ground.kktDisk]) disk.leave(process)
    this.#unanswered.clear()
  }

  #adapterGround(process: SimProcess): Parameters<typeof createAdapter>[0] {
    const { time, config, random, watch, send } = this.ground
    const clock = time.clockOf(process)
    const { driver, driverJournal } = this.#openKkt(process, clock)
    process.onKill(driver.close)
    const at = (point: RestingPoint) => this.#at(process, point)
    const answerTakes = async () => {
      if (this.kktAnswersInMs > 0) await clock.wait(this.kktAnswersInMs)
    }
    return {
      config,
      clock,
      random,
      self: this.self,
      version: '0.0.0',
      journal: this.#journal(process),
      driver: reached(driver, at, answerTakes, watch.device(this)),
      driverJournal,
      pace: new PaceKeeper(paceOf(config), clock),
      logger: this.#logger(process),
      sendToOfd: async (request, connection) => {
        watch.sends(this, request)
        await at('ofd_asked')
        const response = await send(process, request, connection)
        await at('ofd_answered')
        return response
      },
      hosts: this.ground.hosts(process),
      tills: this.ground.tills,
      ...NOTHING_AROUND,
    }
  }

  #openKkt(process: SimProcess, clock: Clock): OpenedKkt {
    const { config, random, kktDisk, tills, sendToKkt, newUuid } = this.ground
    const { register } = config.kkt
    if (register.kind === 'mock')
      return openMock(kktDisk.openedBy(this.#user(process, 'kkt')), config, { clock, random })
    const send = async (request: Request) => {
      await this.#at(process, 'kkt_asked')
      const response = await sendToKkt(process, request)
      await this.#at(process, 'kkt_answered')
      return response
    }
    return openAtol(register, config.kktId, { clock, logger: this.#logger(process), tills, send, newUuid })
  }

  #journal(process: SimProcess): Journal {
    const { time, config, journalDisk } = this.ground
    const journal = createJournal(journalDisk.openedBy(this.#user(process, 'journal')), {
      clock: time.clockOf(process),
      logger: this.#logger(process),
      maxUndelivered: config.buffer.maxSize,
      way: config.delivery,
      schedule: (commit) => time.soon(() => process.enter(() => this.#commit(process, commit))),
    })
    const committed = async <T>(commit: Promise<T>): Promise<T> => {
      const value = await commit
      await this.#at(process, 'committed')
      return value
    }
    return {
      ...journal,
      write: (work) => committed(journal.write(work)),
      takeUp: (work) => committed(journal.takeUp(work)),
    }
  }

  /** A process that is paused here holds the lock already. */
  #commit(process: SimProcess, commit: () => void): void {
    const { journalDisk } = this.ground
    this.#hit(process, 'commit_due')
    if (process.isPaused) journalDisk.lockedBy = process
    process.enter(() => {
      if (journalDisk.lockedBy === process) journalDisk.lockedBy = null
      commit()
    })
  }

  async #at(process: SimProcess, point: RestingPoint): Promise<void> {
    this.#hit(process, point)
    await process.mayGoOn()
  }

  #hit(process: SimProcess, point: RestingPoint): void {
    const strike = process.isDead ? undefined : this.strikes.reached(point)
    if (!strike) return
    this.ground.watch.struck(this, strike)
    if (strike.deed === 'crash') this.crash()
    if (strike.deed === 'pause') this.pause(strike.ms)
  }

  #user(process: SimProcess, disk: 'journal' | 'kkt'): User {
    return {
      process,
      isObserver: () => this.#isObserved,
      strike: (what, side) => {
        const strike = this.strikes.reached(`${disk}_${what}`, side)
        if (!strike) return
        this.ground.watch.struck(this, strike)
        this.crash()
        throw new Killed()
      },
    }
  }

  #logger(process: SimProcess): Logger {
    const log =
      (level: LogLevel) =>
      (event: string, fields: LogFields = {}) => {
        if (!process.isDead) this.ground.watch.logs(this, level, event, fields)
      }
    const together = (work: () => void) => work()
    return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error'), together }
  }
}
