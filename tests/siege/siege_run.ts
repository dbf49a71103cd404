/** An adapter under attack while eight tills sell through it. */
import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { buildPages, isStale } from '@kkt/pages/build.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { drawsFrom } from '@kkt/platform/random.ts'
import type { z } from 'zod'
import { memoryBytes } from '../bench/processes.ts'
import { chromiumPath } from '../browser/chromium.ts'
import { bufferIn, killAll, type LogEntry, logTo, type Service, startOfd, startService } from '../crash/lives.ts'
import { ENDED_MS, RECOVERED_MS } from '../crash/recoveries.ts'
import { createTills, Doors, smallReceipt, type Tills } from '../crash/tills.ts'
import { inTime } from '../crash/within.ts'
import { bookFaultsIn } from '../harness/books.ts'
import { ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { call, expectBody } from '../harness/http.ts'
import { interruption, throwIfInterrupted } from '../harness/stack/interruption.ts'
import { KKT_ADAPTER } from '../harness/stack/services.ts'
import { bufferStatus, receiptList } from '../harness/wire.ts'
import type { Attack, Size } from './attack.ts'
import { MOST_CONNECTIONS } from './attacks/holding.ts'
import { ATTACKS } from './attacks/index.ts'
import { SMUGGLER } from './attacks/smuggling.ts'
import type { Outcome } from './judge.ts'
import { attackPages } from './pages.ts'
import { Tally } from './tally.ts'

const ADAPTER = fileURLToPath(new URL('../../services/kkt_adapter/src/main.ts', import.meta.url))
const BUILT = fileURLToPath(new URL('../../services/pages/dist', import.meta.url))
const TILLS = Array.from({ length: 8 }, (_, i) => `till-${i + 1}`)
/** The mock OFD keeps more, the attackers' own sales included. */
const MOST_SALES = 8000
const SHORTEST_PACE_MS = 40
/** A till whose connection the adapter has ended sends the sale again. */
const PATIENCE_MS = 15_000
const DRAINED_MS = 60_000
const ANSWER_MS = 20_000
/** Tells one attack's draws from those of the next. */
const SEEDS_APART = 7919

/** As in production: the image's memory, and no control side for tests. */
const SETTINGS = {
  ...KKT_ADAPTER.environment,
  TEST_CONTROL: 'false',
  BUFFER_MAX_SIZE: '100000',
  MAX_CONNECTIONS: String(MOST_CONNECTIONS),
  KKT_PRINT_DELAY_MIN: '0',
  KKT_PRINT_DELAY_MAX: '0.01',
  SYNC_INTERVAL: '0.3',
}

export type Options = {
  /** No attack begins after this time. Each is made once, however short it is. */
  ms: number
  seed: number
  folder: string
  size: Size
  /** Whether hostile texts are shown in a browser, where there is one. */
  hasPages: boolean
  onRound?: (round: number, attack: string) => void
  attacks?: readonly Attack[]
  clock?: Clock
}

export async function siegeRun(options: Options): Promise<Outcome> {
  const { clock = systemClock, folder, seed } = options
  const token = tokenFrom(seed)
  // An adapter without its pages answers 503 at them.
  if (isStale(BUILT)) await buildPages(BUILT)
  try {
    const ofdUrl = await listening(startOfd(logTo(folder, 'mock_ofd.log')), 'the OFD', clock)
    const logged: string[] = []
    const settings = {
      ...SETTINGS,
      BUFFER_DB_PATH: bufferIn(folder),
      OFD_API_URL: ofdUrl,
      API_TOKENS: `siege operator sha256:${hash('sha256', token)}`,
    }
    const noteError = (entry: LogEntry) => {
      if (entry['level'] === 'error' || entry['level'] === 'fatal') logged.push(JSON.stringify(entry))
    }
    const adapter = startService(ADAPTER, settings, logTo(folder, 'kkt_adapter.log'), noteError)
    const url = await listening(adapter, 'the adapter', clock)
    return await new SiegeRun({ ...options, token, clock, adapter, url, ofdUrl, logged }).run()
  } finally {
    killAll()
  }
}

const listening = (service: Service, what: string, clock: Clock) =>
  inTime(`${what} to listen`, RECOVERED_MS, clock, service.url)

/** The letters are drawn, so that each run of a seed sends the same bytes. */
const tokenFrom = (seed: number) => `kkt_${hash('sha256', `siege ${seed}`, 'base64url')}`

type Ground = Options & {
  /** The tills have it, and so have attackers that want to come further. */
  token: string
  clock: Clock
  adapter: Service
  url: string
  ofdUrl: string
  /** Filled with the error lines of the adapter's log. */
  logged: readonly string[]
}

class SiegeRun {
  readonly #over = new AbortController()
  readonly #underWay = new Set<Tally>()
  readonly #tallies: Tally[]
  readonly #attacks: readonly Attack[]
  readonly #headers: Record<string, string>
  #rounds = 0
  #isCrashed = false

  constructor(private readonly ground: Ground) {
    this.#attacks = ground.attacks ?? ATTACKS
    this.#tallies = this.#attacks.map(({ name }) => new Tally(name))
    this.#headers = { authorization: `Bearer ${ground.token}` }
    void ground.adapter.ended.then(() => this.#noteEnd())
  }

  async run(): Promise<Outcome> {
    const { clock, adapter, url, ofdUrl, seed, folder, ms, logged } = this.ground
    const startedMs = clock.monotonicMs()
    const ofd = ofdClient(ofdUrl)
    await ofd.configure({ seed, deduplicate: false })
    const doors = new Doors()
    doors.open({ url, ended: adapter.ended })
    const paceMs = Math.max(SHORTEST_PACE_MS, (ms * TILLS.length) / MOST_SALES)
    const tills = createTills({
      doors,
      seed,
      clock,
      patienceMs: PATIENCE_MS,
      paceMs,
      posIds: TILLS,
      headers: this.#headers,
      someReceipt: smallReceipt,
    })
    tills.open()
    const endMs = startedMs + ms
    const [pages] = await Promise.all([this.#pages(), this.#attack('strikes', endMs), this.#attack('holds', endMs)])
    throwIfInterrupted()
    const seconds = (clock.monotonicMs() - startedMs) / 1000
    const troubles: string[] = []
    const settled = this.#settle(tills, troubles).catch((error) => {
      troubles.push(String(error))
      return 0
    })
    // Nothing settles where the adapter is gone.
    const smuggled = await Promise.race([settled, adapter.ended.then(() => 0)])
    const highestBytes = this.#highestBytes()
    const crash = await this.#end(troubles)
    return {
      rows: [...this.#tallies, ...pages].map(({ row }) => row),
      sales: tills.sales,
      sentAgain: tills.sentAgain,
      ledger: await ofd.ledger(),
      smuggled,
      crash,
      troubles: [...troubles, ...bookFaultsIn(bufferIn(folder))],
      logged,
      highestBytes,
      seconds,
      rounds: this.#rounds,
    }
  }

  /** Ends the tills, and waits until everything is delivered. @returns the number of smuggled sales */
  async #settle(tills: Tills, troubles: string[]): Promise<number> {
    const { clock } = this.ground
    const orTrouble = (done: Promise<unknown>) => done.catch((error) => troubles.push(String(error)))
    await orTrouble(inTime('an answer to every sale', DRAINED_MS, clock, tills.close))
    const drained = eventually(
      'nothing to be left undelivered',
      () => this.#ask('/v1/kkt/buffer/status', bufferStatus),
      {
        withinMs: DRAINED_MS,
        until: ({ unprinted, pending }) => unprinted + pending === 0,
        clock,
      },
    )
    await orTrouble(drained)
    await orTrouble(inTime('every sale to be answered as it was', DRAINED_MS, clock, tills.settle))
    return (await this.#ask(`/v1/kkt/receipts?pos_id=${SMUGGLER}`, receiptList)).receipts.length
  }

  #noteEnd(): void {
    this.#isCrashed = true
    for (const tally of this.#underWay) tally.row.crashes += 1
    this.#over.abort()
  }

  /** Makes the attacks of a lane one after the other, again and again. */
  async #attack(which: Attack['lane'], endMs: number): Promise<void> {
    const own = [...this.#attacks.entries()].filter(([, { lane }]) => lane === which)
    if (own.length === 0) return
    for (let round = 0; this.#goesOn(round, endMs); round += 1) {
      if (which === 'strikes') this.#rounds = round + 1
      for (const [i, attack] of own) if (this.#goesOn(round, endMs)) await this.#make(attack, i, round)
    }
  }

  #goesOn(round: number, endMs: number): boolean {
    if (this.#isCrashed || interruption.aborted) return false
    return round === 0 || this.ground.clock.monotonicMs() < endMs
  }

  async #make(attack: Attack, i: number, round: number): Promise<void> {
    const { url, seed, size, clock, token } = this.ground
    const tally = this.#tallies[i]
    if (!tally) return
    this.ground.onRound?.(round, attack.name)
    const draw = drawsFrom(seed + SEEDS_APART * (round * this.#attacks.length + i))
    const over = AbortSignal.any([this.#over.signal, interruption])
    this.#underWay.add(tally)
    await attack.begin({ url, seed, draw, size, tally, clock, over, token })
    this.#underWay.delete(tally)
  }

  /** Shows hostile texts on pages of services of their own, beside the tills. */
  async #pages(): Promise<Tally[]> {
    const { clock, folder, hasPages } = this.ground
    if (!hasPages || chromiumPath === undefined) return []
    const start = async (what: string, main: string, settings: Record<string, string>) => ({
      url: await listening(startService(main, settings, logTo(folder, `${what}.log`)), what, clock),
    })
    const shop = { ...SETTINGS, TEST_CONTROL: 'true', BUFFER_DB_PATH: `${folder}/pages/buffer.db` }
    const shown = await attackPages({
      chromium: chromiumPath,
      clock,
      startAdapter: (OFD_API_URL) => start('pages_adapter', ADAPTER, { ...shop, OFD_API_URL }),
      startOfd: async () => ({ url: await listening(startOfd(logTo(folder, 'pages_ofd.log')), 'an OFD', clock) }),
    })
    return [shown]
  }

  async #ask<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const { url } = this.ground
    return expectBody(await call(url + path, { headers: this.#headers, withinMs: ANSWER_MS }), 200, schema)
  }

  #highestBytes(): number | null {
    try {
      return memoryBytes(this.ground.adapter.child.pid ?? 0, 'VmHWM')
    } catch {
      return null
    }
  }

  /** Ends the adapter. @returns how it ended by itself, or null */
  async #end(troubles: string[]): Promise<string | null> {
    const { adapter, clock } = this.ground
    if (this.#isCrashed) return String(await adapter.ended)
    adapter.child.kill('SIGTERM')
    const how = await inTime('the end of the adapter', ENDED_MS, clock, adapter.ended)
    if (how !== 0) troubles.push(`the adapter did not end well: ${how}`)
    return null
  }
}
