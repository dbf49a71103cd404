import { NO_FAULTS } from '@kkt/mock-kkt/device/faults.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { adapterClient, ofdClient } from '../harness/clients.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import { damage, moveAway, moveBack } from './damage.ts'
import { DeadLetters, drain } from './drain.ts'
import { killsOf } from './kills.ts'
import { adapterCommand, bufferIn, killAll, type Life, logTo, startAdapter, startOfd } from './lives.ts'
import { Office, printLeftOver } from './office.ts'
import type { CrashOptions, Ended, Outcome } from './outcome.ts'
import { type Kill, NO_TROUBLE, RECOVERED, UNHARMED } from './plan.ts'
import { ENDED_MS, RECOVERED_MS, Recoveries } from './recoveries.ts'
import { refusalIn } from './refused_start.ts'
import { RegisterGround } from './register_ground.ts'
import { createTills, Doors, type Tills } from './tills.ts'
import { TillsFileTurns } from './tills_file_turns.ts'
import { inTime, within } from './within.ts'

/** A life that has not reached its crash point by then is killed from outside. */
const MISSED_MS = 10_000

/** Kills adapters while tills sell, heals everything, and compares what the tills, the journal, the FN and the OFD hold. */
export async function crashRun({ clock = systemClock, ...options }: CrashOptions): Promise<Outcome> {
  const { folder, kkt } = options
  const command = adapterCommand()
  try {
    const ofd = startOfd(logTo(folder, 'mock_ofd.log'))
    const ofdUrl = await inTime('the OFD to listen', RECOVERED_MS, clock, ofd.url)
    const log = logTo(folder, 'mock_kkt.log')
    const troubles: string[] = []
    const onTrouble = (what: string) => void troubles.push(what)
    const register = kkt === 'register' ? await RegisterGround.open({ folder, ofdUrl, clock, log, onTrouble }) : null
    const run = new CrashRun({ ...options, clock, command, ofdUrl, register, troubles })
    run.tills.open()
    let before = UNHARMED
    for (const kill of killsOf(options, run.ended)) {
      throwIfInterrupted()
      await run.live(before, kill)
      before = kill
    }
    return await run.finish(before)
  } finally {
    killAll()
  }
}

type Ground = CrashOptions & {
  clock: Clock
  command: string[]
  ofdUrl: string
  register: RegisterGround | null
  troubles: string[]
}

class CrashRun {
  readonly tills: Tills
  readonly #office: Office
  readonly #clock: Clock
  readonly #doors = new Doors()
  readonly #log: (line: string) => void
  readonly #ofd: ReturnType<typeof ofdClient>
  /** The log lines of the current or last life. */
  #lines: string[] = []
  #acceptedLoss = ''
  #lives = 0
  readonly #recoveries = new Recoveries()
  readonly #deadLetters = new DeadLetters()
  readonly #tillsFile: TillsFileTurns
  readonly #outcome = {
    ended: [] as Ended[],
    refusals: [] as string[],
    damages: { wal_flipped: 0, wal_lost: 0, moved_away: 0 },
  }

  constructor(private readonly options: Ground) {
    this.#clock = options.clock
    this.#log = logTo(options.folder, 'kkt_adapter.log')
    this.#ofd = ofdClient(options.ofdUrl)
    this.#tillsFile = new TillsFileTurns(options.folder)
    this.#office = new Office(this.#clock)
    const { seed, kkt = 'in_process' } = options
    this.tills = createTills({ doors: this.#doors, seed, clock: this.#clock, kkt, afterwards: 'put right' })
  }

  get ended(): readonly Ended[] {
    return this.#outcome.ended
  }

  /** Has an adapter recover from the kill before, and kills it. */
  async live(before: Kill, kill: Kill): Promise<void> {
    const ended = { kill, how: await this.#recover(before, kill) }
    this.options.onKill?.(ended, this.#outcome.ended.push(ended))
  }

  /** Lives again, after the same kill, where the recovery was slower than promised. */
  async #recover(before: Kill, kill: Kill): Promise<Ended['how']> {
    let how: Ended['how'] = 'missed'
    const broken = await this.#recoveries.broken(async (ordinal) => {
      if (ordinal > 1) await this.#live(before)
      const end = await this.#live(kill)
      if (how !== 'reached') how = end
    })
    this.options.troubles.push(...broken.map((line) => `life ${this.#lives}: ${line}`))
    return how
  }

  async #live(kill: Kill): Promise<Ended['how']> {
    await this.#ofd.configure({ ...this.#ofdAtWork, ...kill.ofd })
    await this.options.register?.prepare(kill)
    this.#tillsFile.change()
    const life = this.#start(kill)
    const how = kill.at === null ? await this.#killAtInstant(kill, life) : await this.#killAtPoint(kill, life)
    if (moveBack(this.options.folder)) this.#outcome.damages.moved_away += 1
    const putBack = kill.damage && damage(this.options.folder, kill.damage)
    if (kill.damage && putBack) {
      this.#outcome.damages[kill.damage.kind] += 1
      await this.#startDamaged(putBack)
    }
    return how
  }

  /** Starts an adapter on the damaged buffer. The line of a refused start tells the operator how to go on. */
  async #startDamaged(putBack: () => void): Promise<void> {
    const life = this.#start(UNHARMED)
    const ending = await inTime('a start after damage', RECOVERED_MS, this.#clock, Promise.race([life.url, life.ended]))
    if (typeof ending === 'string' && ending.startsWith('http')) return await this.#kill(life)
    if (this.#goOnWithLoss()) return
    const refusal = refusalIn(this.#lines)
    if (refusal === null) {
      this.options.troubles.push(`a start after damage ended with ${ending}: ${this.#lines.join(' ')}`)
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
  async finish(before: Kill): Promise<Outcome> {
    await this.#recover(before, RECOVERED)
    await this.#ofd.configure(this.#ofdAtWork)
    const { register } = this.options
    await register?.heal()
    const { life, url } = await this.#startLast()
    const drained = await drain({
      adapter: adapterClient(url),
      ofd: this.#ofd,
      tills: this.tills,
      office: { office: this.#office, url },
      tillsFiles: this.#tillsFile.versions,
      clock: this.#clock,
      deadLetters: this.#deadLetters,
      buffer: bufferIn(this.options.folder),
      isLossy: this.#isLossy,
      onProgress: this.options.onProgress,
      ...(register && { register: { statePath: register.service.statePath, operator: register.operator } }),
      requeue: () => this.#requeue(url),
      end: async () => {
        life.child.kill('SIGTERM')
        return [await within(ENDED_MS, this.#clock, life.ended)]
      },
    })
    const { troubles } = this.options
    troubles.push(...drained.troubles, ...((await register?.service.endWell()) ?? []))
    const report = register && { done: register.done, settled: register.operator.counts }
    return { ...this.#outcome, ...this.#recoveries.slowest, ...drained, register: report, troubles }
  }

  /** A register waits for ever where a document is refused, so the OFD takes each and tells what is wrong with it. */
  get #ofdAtWork() {
    return this.options.register === null ? NO_TROUBLE : { ...NO_TROUBLE, judge: 'report' }
  }

  async #startLast(): Promise<{ life: Life; url: string }> {
    const life = this.#start(UNHARMED)
    const refused = life.ended.then(() => null)
    const url = await inTime('the last start', RECOVERED_MS, this.#clock, Promise.race([life.url, refused]))
    if (url !== null) return { life, url }
    if (this.#goOnWithLoss()) return await this.#startLast()
    throw new Error(`the last start was refused: ${this.#lines.join(' ')}`)
  }

  #start(kill: Kill): Life {
    this.#lives += 1
    const number = this.#lives
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
      variables: this.options.register?.service.variables ?? {},
    }
    const life = startAdapter(command, ground, kill)
    this.options.register?.begin(kill, life.ended)
    const sinceMs = () => this.#clock.monotonicMs() - startedMs
    void life.moved.then(() => this.#recoveries.note('a first delivery', sinceMs()))
    void this.#open(kill, life, sinceMs).catch((error) => this.#unlessEnded(life, `life ${number}: ${error}`))
    return life
  }

  /** Lets the tills in once the adapter listens, and does the kill's deed. */
  async #open(kill: Kill, life: Life, sinceMs: () => number): Promise<void> {
    const url = await life.url
    const adapter = adapterClient(url)
    const { register } = this.options
    await adapter.get('/v1/health')
    this.#recoveries.note('a start', sinceMs())
    const calm = async () => {
      if (register === null) await adapter.post('/v1/kkt/_test/config', NO_FAULTS)
    }
    if (kill.office === 'open_shift') await printLeftOver(adapter, this.#clock, calm)
    if (register === null) await adapter.post('/v1/kkt/_test/config', { ...NO_FAULTS, ...kill.kkt })
    // A shift that receipts open leaves nothing to open.
    if (kill.office !== 'open_shift') this.#doors.open({ url, ended: life.ended })
    if (kill.office !== null) void this.#office.work(kill.office, { url, ended: life.ended })
    if (kill.deed === 'stop') life.child.kill('SIGTERM')
    if (kill.deed === 'move_away') moveAway(this.options.folder)
    if (kill.deed === 'operate') void register?.operate(adapter, life.ended)
    if (kill.deed === 'requeue') await this.#requeue(url)
    if (kill.deed === 'close') await this.#close(url)
  }

  /** Requeues all dead letters, as an operator does once the OFD is mended. */
  async #requeue(url: string): Promise<void> {
    if (this.options.register !== null) return
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
    if ((await within(ENDED_MS, this.#clock, life.ended)) === null) this.options.troubles.push(what)
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
      const moved = await within(RECOVERED_MS, this.#clock, Promise.race([life.moved.then(() => true), life.ended]))
      if (moved === null) this.options.troubles.push(`life ${this.#lives}: nothing moved within ${RECOVERED_MS} ms`)
    }
    const ending = await within(afterMs, this.#clock, life.ended)
    if (ending === null) await this.#kill(life)
    else this.#endedByItself(ending)
    return 'at an instant'
  }

  async #kill(life: Life): Promise<void> {
    life.child.kill('SIGKILL')
    await inTime('the end of what was killed', ENDED_MS, this.#clock, life.ended)
  }

  #endedByItself(ending: NodeJS.Signals | number): void {
    if (this.#goOnWithLoss()) return
    this.options.troubles.push(`life ${this.#lives}: ended by itself with ${ending}`)
  }
}
