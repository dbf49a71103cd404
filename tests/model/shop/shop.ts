import { z } from 'zod'
import { dueKopecks } from '../../harness/completed.ts'
import type { Body } from '../../harness/wire_content.ts'
import { Tills } from '../commands/tills.ts'
import { createRig } from '../world/rig.ts'
import { type Settings, SIMPLEST } from '../world/settings.ts'
import type { Strike } from '../world/strikes.ts'
import { createWorld, type World } from '../world/world.ts'
import { Books, shiftName } from './books.ts'

/** A shop's hosts restart a process that has died. */
const SHOP: Settings = {
  ...SIMPLEST,
  maxUndelivered: 100_000,
  printsAtOnce: true,
  restartsAfterMs: 500,
  maxInFlight: 10,
  breakerTimeoutMs: 1000,
}

const STEP_MS = 200
/** A process that dies, and is back, costs two or three. */
const MOST_TRIES = 20
/** A process that died twice is back sooner, and so is a KKT that is asked again. */
const MOST_MS = 120_000
const HOUR_MS = 60 * 60 * 1000
/** The adapter looks at the shift every 20 s, and a process that died is back within a second. */
const SHIFT_IS_SEEN_TO_MS = 25_000

const numbers = z.object({ fn_number: z.string(), shift_number: z.int(), fiscal_doc_number: z.int() })
const soldAnswer = z.object({ receipt_id: z.string(), fiscal_doc: numbers.nullable() })
const problem = z.object({ code: z.string() })
const drawerAnswer = z.object({ drawer: z.number() })
const shiftAnswer = z.object({ state: z.string(), number: z.int(), totals: z.unknown(), drawer: z.number() })
const register = z.object({
  components: z.object({ kkt: z.object({ unsent_count: z.int().nullable() }) }),
})
export type ShiftNow = z.infer<typeof shiftAnswer>

type Said = { status: number; body: unknown }

/** `code`: of the refusal. `waits`: a receipt is journaled, and the KKT fiscalises nothing for now. */
export type Outcome = { kind: 'done' } | { kind: 'waits' } | { kind: 'refused'; code: string }

/**
 * A shop in a simulated world: its tills ask until they have an answer that is final, as tills must, and it keeps books of what
 * they were answered.
 */
export class Shop {
  readonly books = new Books()
  readonly world: World
  readonly #tills: Tills
  #asked = 0
  #lastSale: Body | null = null
  readonly #waiting: { key: string; body: Body }[] = []

  constructor(settings: Partial<Settings> = {}, tellsStory = false) {
    this.world = createWorld(createRig(), { ...SHOP, ...settings }, tellsStory)
    this.#tills = new Tills(this.world)
  }

  get #node() {
    const [node] = this.world.nodes
    if (!node) throw new Error('A world has a node')
    return node
  }

  async opens(): Promise<void> {
    this.#node.start()
    await this.#until(() => this.#node.listens, 'the adapter listens')
  }

  /** Sells until the receipt has a document, or is refused, or a till would no longer wait for it. */
  async sell(make: (key: string) => Body): Promise<Outcome> {
    const key = `receipt-${++this.#asked}`
    const body = make(key)
    this.world.contents.sends(key, body)
    const outcome = await this.#sell(key, body)
    if (outcome.kind === 'waits') this.#waiting.push({ key, body })
    return outcome
  }

  /** Asks again for the receipts that were left waiting. @returns how many still wait */
  async asksForTheRest(): Promise<number> {
    for (const { key, body } of this.#waiting.splice(0)) {
      if ((await this.#sell(key, body)).kind === 'waits') this.#waiting.push({ key, body })
    }
    return this.#waiting.length
  }

  async #sell(key: string, body: Body): Promise<Outcome> {
    for (let left = MOST_TRIES; left > 0; left--) {
      const asked = this.world.answers.ask(key, 0)
      const said = await this.#ask(() => this.#tills.ask(this.#node, key, body))
      this.world.answers.answered(asked, said)
      const final = this.#final(said && { status: said.status, body: JSON.parse(said.text) })
      if (final === null) {
        await this.world.time.pass(STEP_MS)
        continue
      }
      if (final.status !== 200) return { kind: 'refused', code: problem.parse(final.body).code }
      const { fiscal_doc: doc } = soldAnswer.parse(final.body)
      if (doc === null) {
        await this.world.time.pass(STEP_MS)
        continue
      }
      this.books.sold(shiftName(doc.fn_number, doc.shift_number), body)
      if (body.type === 'sale' && !body.correction) this.#lastSale = body
      return { kind: 'done' }
    }
    return { kind: 'waits' }
  }

  /** Takes back the goods of the last sale, and pays for them in the same ways. The till does not name the receipt. */
  async giveBack(): Promise<void> {
    const sale = this.#lastSale
    if (sale === null) return
    const due = sale.payments.reduce((sum, { amount }) => sum + amount, 0)
    const { corrects: _, ...rest } = sale
    const change = due * 100 - dueKopecks(sale)
    const payments = change > 0 ? [{ type: 'card' as const, amount: dueKopecks(sale) / 100 }] : sale.payments
    await this.sell(() => ({ ...rest, type: 'refund', payments }))
  }

  /** Moves cash. Where the shift is closed, as in an FN that has just been put in, it counts in the next one. */
  async moveCash(way: 'in' | 'out', amount: number): Promise<Outcome> {
    const { state, number } = await this.shiftNow()
    const name = shiftName(this.#fnThatIsIn(), state === 'closed' ? number + 1 : number)
    const said = await this.#task(`/v1/kkt/cash/${way}`, { amount })
    if (said.status !== 200) return { kind: 'refused', code: problem.parse(said.body).code }
    this.books.moved(name, way, amount)
    const { drawer } = drawerAnswer.parse(said.body)
    if (Math.round(drawer * 100) !== this.books.drawer) {
      this.world.findings.violated(
        'drawer',
        `it has ${drawer} roubles by the KKT, and ${this.books.drawer} kopecks by the shop`,
      )
    }
    return { kind: 'done' }
  }

  /** Has a task done that needs no words. @param path behind `/v1/kkt` */
  async report(path: '/shift/open' | '/shift/close' | '/x_report' | '/z_report'): Promise<Outcome> {
    const { status, body } = await this.#task(`/v1/kkt${path}`, {})
    return status === 200 ? { kind: 'done' } : { kind: 'refused', code: problem.parse(body).code }
  }

  /** The shift as the adapter tells it. */
  async shiftNow(): Promise<ShiftNow> {
    return shiftAnswer.parse(await this.look('/v1/kkt/shift'))
  }

  /** The FN that is in the KKT by the label on it: health may still tell the one of half a second ago. */
  #fnThatIsIn(): string {
    return this.world.rig.kkt.documentsOf(null, 0, 1).fnNumber
  }

  /** The documents that the OFD has not confirmed, by the register. */
  async unsent(): Promise<number | null> {
    return register.parse(await this.look('/v1/health')).components.kkt.unsent_count
  }

  /** Reads until it is answered. */
  async look(path: string): Promise<unknown> {
    for (;;) {
      const said = await this.#ask(() => this.#node.ask(new Request(`http://localhost${path}`)))
      if (said?.status === 200) return JSON.parse(said.text)
      await this.world.time.pass(STEP_MS)
    }
  }

  /** The process will die there. */
  willDieAt(strike: Extract<Strike, { deed: 'crash' }>): void {
    this.#node.strikes.arm(strike)
  }

  /** The clocks on all walls go on at once. */
  async goesOn(hours: number): Promise<void> {
    this.world.time.setWallBy(hours * HOUR_MS)
    await this.world.time.rest()
  }

  /** The doors are closed for some hours. The adapter has the time to see to the shift after them. */
  async rests(hours: number): Promise<void> {
    await this.goesOn(hours)
    await this.world.time.pass(SHIFT_IS_SEEN_TO_MS)
  }

  /** Has another FN put in. Nothing is sold for as long as that takes, so that no receipt is on its way to the old one. */
  async replacesFn(): Promise<void> {
    this.world.rig.kkt.replaceFn()
    await this.rests(1)
  }

  /** Waits for a condition. @throws Error when it does not come about */
  async waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let leftMs = MOST_MS; leftMs > 0; leftMs -= 10 * STEP_MS) {
      if (await isSo()) return
      await this.world.time.pass(10 * STEP_MS)
    }
    throw new Error(`It never came about that ${what}`)
  }

  /** The answer to a task, once it is final. The key is the same at each try. */
  async #task(path: string, body: object): Promise<Said> {
    const key = `task-${++this.#asked}`
    for (;;) {
      const said = await this.#ask(() => this.#tills.ask(this.#node, key, body, path))
      const final = this.#final(said && { status: said.status, body: JSON.parse(said.text) })
      if (final !== null) return final
      await this.world.time.pass(STEP_MS)
    }
  }

  /** A till asks again where no answer came, where the task goes on, and where the adapter says that it may be answered later. */
  #final(said: Said | null): Said | null {
    if (said === null || said.status === 202) return null
    const isForNow = said.status === 503 && problem.parse(said.body).code !== 'kkt_unfit'
    return isForNow ? null : said
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    await this.#until(() => this.#node.listens, 'the adapter listens')
    let answer: { value: T } | null = null
    void ask().then((value) => {
      answer = { value }
    })
    await this.#until(() => answer !== null, 'an answer comes')
    if (answer === null) throw new Error('No answer')
    return (answer as { value: T }).value
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    const { time } = this.world
    const endMs = time.nowMs + MOST_MS
    await time.rest()
    while (!isSo()) {
      if (time.nowMs > endMs) throw new Error(`It never came about that ${what}`)
      await time.pass(STEP_MS)
    }
  }
}
