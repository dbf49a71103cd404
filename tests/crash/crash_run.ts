import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { NO_FAULTS } from '@kkt/adapter/src/kkt/mock/faults.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import { adapterClient, ofdClient } from '../harness/clients.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import { damage, moveAway, moveBack } from './damage.ts'
import { DeadLetters, type Drained, drain } from './drain.ts'
import { adapterCommand, bufferIn, killAll, type Life, startAdapter, startOfd } from './lives.ts'
import { CALM, type Kill, planKills } from './plan.ts'
import { refusalIn } from './refused_start.ts'
import { createTills, Doors, type Tills } from './tills.ts'
import { TillsFileTurns } from './tills_file_turns.ts'
import { inTime, within } from './within.ts'

/** For a start, and for the first delivery after it: seconds on an idle machine. */
export const RECOVERY_MS = 30_000
/** A life that has not reached its crash point by then is killed from outside. */
const MISSED_MS = 10_000
/** Ample for an orderly end, and for the kernel to report a kill. */
export const ENDED_MS = 20_000

const UNHARMED: Kill = { ...CALM, at: null }
const NO_TROUBLE = {
  permanent_failure: false,
  failure_count: 0,
  refuse: null,
  effect_delay: 0,
  deduplicate: false,
  effect_then_silence: 0,
  effect_then_cut: 0,
  effect_then_error: 0,
  second_answer: 0,
  lookup_mixed_up: 0,
  judge: 'strict',
}

export type Ended = { kill: Kill; how: 'reached' | 'missed' | 'at an instant' }

export type Outcome = Drained & {
  ended: Ended[]
  /** The lines of the starts that were refused because the journal had lost something. */
  refusals: string[]
  /** The number of times that each damage was done to the buffer's files. */
  damages: Record<'wal_flipped' | 'wal_lost' | 'moved_away', number>
  /** From a process's start to its first answer. */
  slowestStartMs: number
  /** From a process's start to the first receipt that it delivers or fails to deliver. */
  slowestMoveMs: number
}

export type CrashOptions = {
  kills: number
  seed: number
  /** It holds the buffer, the KKT's memory and the logs. */
  folder: string
  onKill?: (ended: Ended, count: number) => void
  clock?: Clock
}

/** Kills adapters while tills sell, heals everything, and compares what the tills, the journal, the FN and the OFD hold. */
export async function crashRun({ clock = systemClock, ...options }: CrashOptions): Promise<Outcome> {
  const { folder, seed, kills } = options
  const command = await adapterCommand(folder)
  try {
    const ofd = startOfd(logTo(folder, 'mock_ofd.log'))
    const ofdUrl = await inTime('the OFD to listen', RECOVERY_MS, clock, ofd.url)
    const run = new CrashRun({ ...options, clock, command, ofdUrl })
    run.tills.open()
    for (const kill of planKills(kills, seededRandom(seed))) {
      throwIfInterrupted()
      await run.live(kill)
    }
    return await run.finish()
  } finally {
    killAll()
  }
}

export const logTo = (folder: string, name: string) => (line: string) => appendFileSync(join(folder, name), `${line}\n`)

class CrashRun {
  readonly tills: Tills
  readonly #clock: Clock
  readonly #doors = new Doors()
  readonly #log: (line: string) => void
  readonly #ofd: ReturnType<typeof ofdClient>
  /** The log lines of the current or last life. */
  #lines: string[] = []
  #acceptedLoss = ''
  readonly #deadLetters = new DeadLetters()
  readonly #tillsFile: TillsFileTurns
  readonly #outcome = {
    ended: [] as Ended[],
    troubles: [] as string[],
    refusals: [] as string[],
    slowestStartMs: 0,
    slowestMoveMs: 0,
    damages: { wal_flipped: 0, wal_lost: 0, moved_away: 0 },
  }

  constructor(private readonly options: CrashOptions & { clock: Clock; command: string[]; ofdUrl: string }) {
    this.#clock = options.clock
    this.#log = logTo(options.folder, 'kkt_adapter.log')
    this.#ofd = ofdClient(options.ofdUrl)
    this.#tillsFile = new TillsFileTurns(options.folder)
    this.tills = createTills({ doors: this.#doors, seed: options.seed, clock: this.#clock, afterwards: 'put right' })
  }

  /** Runs one adapter until the kill. */
  async live(kill: Kill): Promise<void> {
    await this.#ofd.configure({ ...NO_TROUBLE, ...kill.ofd })
    this.#tillsFile.change()
    const life = this.#start(kill)
    const how = kill.at === null ? await this.#killAtInstant(kill, life) : await this.#killAtPoint(kill, life)
    const ended = { kill, how }
    this.#outcome.ended.push(ended)
    this.options.onKill?.(ended, this.#outcome.ended.length)
    if (moveBack(this.options.folder)) this.#outcome.damages.moved_away += 1
    if (kill.damage === null) return
    const putBack = damage(this.options.folder, kill.damage)
    if (putBack === null) return
    this.#outcome.damages[kill.damage.kind] += 1
    await this.#startDamaged(putBack)
  }

  /** Starts an adapter on the damaged buffer. The line of a refused start tells the operator how to go on. */
  async #startDamaged(putBack: () => void): Promise<void> {
    const life = this.#start(UNHARMED)
    const ending = await this.#inTime('a start after damage', RECOVERY_MS, Promise.race([life.url, life.ended]))
    if (typeof ending === 'string' && ending.startsWith('http')) return await this.#kill(life)
    if (this.#goOnWithLoss()) return
    const refusal = refusalIn(this.#lines)
    if (refusal === null) {
      this.#outcome.troubles.push(`a start after damage ended with ${ending}: ${this.#lines.join(' ')}`)
      return
    }
    this.#outcome.refusals.push(refusal.line)
    putBack()
  }

  /**
   * Accepts the loss for which the last start was refused, as an operator does. If the KKT was away at the first start after
   * the damage, a later start is the first to compare.
   * @returns false where the last life ended for another reason
   */
  #goOnWithLoss(): boolean {
    const refusal = this.#isLossy ? refusalIn(this.#lines) : null
    if (refusal?.kind !== 'lacks_receipts') return false
    this.#acceptedLoss = refusal.acceptedLoss
    this.#outcome.refusals.push(refusal.line)
    return true
  }

  get #isLossy(): boolean {
    return this.#outcome.damages.wal_flipped + this.#outcome.damages.wal_lost > 0
  }

  /** Heals everything, waits until nothing is under way, and compares. */
  async finish(): Promise<Outcome> {
    await this.#ofd.configure(NO_TROUBLE)
    const { life, url } = await this.#startLast()
    const drained = await drain({
      adapter: adapterClient(url),
      ofd: this.#ofd,
      tills: this.tills,
      tillsFiles: this.#tillsFile.versions,
      clock: this.#clock,
      deadLetters: this.#deadLetters,
      buffer: bufferIn(this.options.folder),
      isLossy: this.#isLossy,
      requeue: () => this.#requeue(url),
      end: async () => {
        life.child.kill('SIGTERM')
        return [await within(ENDED_MS, this.#clock, life.ended)]
      },
    })
    return { ...this.#outcome, ...drained, troubles: [...this.#outcome.troubles, ...drained.troubles] }
  }

  async #startLast(): Promise<{ life: Life; url: string }> {
    const life = this.#start(UNHARMED)
    const refused = life.ended.then(() => null)
    const url = await this.#inTime('the last start', RECOVERY_MS, Promise.race([life.url, refused]))
    if (url !== null) return { life, url }
    if (this.#goOnWithLoss()) return await this.#startLast()
    throw new Error(`the last start was refused: ${this.#lines.join(' ')}`)
  }

  #start(kill: Kill): Life {
    const number = this.#outcome.ended.length + 1
    this.#log(JSON.stringify({ event: 'life', number, ...kill }))
    const { folder, ofdUrl, seed, command } = this.options
    const startedMs = this.#clock.monotonicMs()
    const lines: string[] = []
    this.#lines = lines
    const log = (line: string) => {
      this.#log(line)
      lines.push(line)
    }
    const ground = {
      folder,
      ofdUrl,
      seed: seed + number,
      acceptedLoss: this.#acceptedLoss,
      tillsFile: this.#tillsFile.path,
      log,
    }
    const life = startAdapter(command, ground, kill)
    const sinceMs = () => this.#clock.monotonicMs() - startedMs
    void life.moved.then(() => {
      this.#outcome.slowestMoveMs = Math.max(this.#outcome.slowestMoveMs, sinceMs())
    })
    void this.#open(kill, life, sinceMs).catch((error) => this.#unlessEnded(life, `life ${number}: ${error}`))
    return life
  }

  /** Lets the tills in once the adapter listens, and does the kill's deed. */
  async #open(kill: Kill, life: Life, sinceMs: () => number): Promise<void> {
    const url = await life.url
    const adapter = adapterClient(url)
    await adapter.health()
    this.#outcome.slowestStartMs = Math.max(this.#outcome.slowestStartMs, sinceMs())
    await adapter.post('/v1/kkt/_test/config', { ...NO_FAULTS, ...kill.kkt })
    this.#doors.open({ url, ended: life.ended })
    if (kill.deed === 'stop') life.child.kill('SIGTERM')
    if (kill.deed === 'move_away') moveAway(this.options.folder)
    if (kill.deed === 'requeue') await this.#requeue(url)
    if (kill.deed === 'close') await this.#close(url)
  }

  /** Requeues all dead letters, as an operator does once the OFD is mended. */
  async #requeue(url: string): Promise<void> {
    const adapter = adapterClient(url)
    await this.#deadLetters.read(adapter)
    await adapter.requeueAll({})
  }

  /** Closes one dead letter, as an operator does who has settled it by hand. */
  async #close(url: string): Promise<void> {
    const adapter = adapterClient(url)
    const [letter] = await this.#deadLetters.read(adapter)
    if (letter) await adapter.close(letter.receipt_id, 'settled by hand')
  }

  /** A request may fail because its adapter dies. Any other failure is trouble. */
  async #unlessEnded(life: Life, what: string): Promise<void> {
    if ((await within(ENDED_MS, this.#clock, life.ended)) === null) this.#outcome.troubles.push(what)
  }

  async #killAtPoint(kill: Kill, life: Life): Promise<Ended['how']> {
    const ending = await within(MISSED_MS, this.#clock, life.ended)
    if (ending === 'SIGKILL') return 'reached'
    if (ending === null) await this.#kill(life)
    // After an orderly stop the point need not have been reached.
    else if (kill.deed !== 'stop') this.#endedByItself(ending)
    return 'missed'
  }

  async #killAtInstant({ isPatient, afterMs }: Kill, life: Life): Promise<Ended['how']> {
    if (isPatient) {
      const moved = await within(RECOVERY_MS, this.#clock, Promise.race([life.moved.then(() => true), life.ended]))
      if (moved === null) this.#outcome.troubles.push(`life ${this.#life}: nothing moved within ${RECOVERY_MS} ms`)
    }
    const ending = await within(afterMs, this.#clock, life.ended)
    if (ending === null) await this.#kill(life)
    else this.#endedByItself(ending)
    return 'at an instant'
  }

  async #kill(life: Life): Promise<void> {
    life.child.kill('SIGKILL')
    await this.#inTime('the end of what was killed', ENDED_MS, life.ended)
  }

  #endedByItself(ending: NodeJS.Signals | number): void {
    if (this.#goOnWithLoss()) return
    this.#outcome.troubles.push(`life ${this.#life}: ended by itself with ${ending}`)
  }

  get #life(): number {
    return this.#outcome.ended.length + 1
  }

  async #inTime<T>(what: string, ms: number, promise: Promise<T>): Promise<T> {
    return await inTime(what, ms, this.#clock, promise)
  }
}
