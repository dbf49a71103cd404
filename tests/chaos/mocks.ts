/** The mocks of a run, as its actors reach them. */
import type { Clock } from '@kkt/platform/clock.ts'
import type { Kkt } from '../harness/asked.ts'
import { odooClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { noFaults } from './fault_plans.ts'
import { type Actor, faultsOf } from './plan.ts'
import type { RegisterActor, Struck } from './register_actor.ts'

/** A fault may close a mock's port, and its control side with it. */
const REACHED_MS = 60_000
const ASKED_MS = 2000

type Change = Record<string, unknown>
type Mock = { configure(change: Change): Promise<unknown> }

type Deps = { ofdUrl: string; odooUrl: string; register: RegisterActor | null; kkt: Kkt; clock: Clock }

/** The whole state of each. That of a register that is no service is in the adapters. */
export type Exports = { ofd: unknown; odoo: unknown; kkt: unknown }

export class Mocks {
  readonly #ofd: ReturnType<typeof ofdClient>
  readonly #odoo: ReturnType<typeof odooClient>

  constructor(private readonly deps: Deps) {
    this.#ofd = ofdClient(deps.ofdUrl, ASKED_MS)
    this.#odoo = odooClient(deps.odooUrl, ASKED_MS)
  }

  /** Deduplication would hide duplicates, and a judge who only reports would let wrong documents through. */
  async begin(seed: number): Promise<void> {
    await this.#ofd.configure({ seed, deduplicate: false, judge: 'strict' })
    await this.#odoo.configure({ seed })
  }

  async putOn(actor: Actor, change: Change): Promise<void> {
    const { register } = this.deps
    if (actor !== 'kkt' || register === null)
      return await this.#configure(actor === 'odoo' ? this.#odoo : this.#ofd, change)
    await register.look()
    await this.#configure(register, change)
  }

  async heal(): Promise<void> {
    const { ofd, odoo } = faultsOf(this.deps.kkt)
    await this.#configure(this.#ofd, { ...noFaults(ofd), deduplicate: false })
    await this.#configure(this.#odoo, noFaults(odoo))
    await this.deps.register?.heal()
  }

  /** @returns the states, and the strikes of each fault as the mocks count them */
  async end(): Promise<{ exports: Exports; struck: Record<keyof Exports, Struck> }> {
    const [ofd, odoo] = [await this.#ofd.exportState(), await this.#odoo.exportState()]
    const kkt = (await this.deps.register?.exportState()) ?? null
    const ofRegister = this.deps.register?.struck ?? {}
    const struck = { ofd: ofd.counters.by_fault, odoo: odoo.counters.by_fault, kkt: ofRegister }
    return { exports: { ofd, odoo, kkt }, struck }
  }

  /** The states, as far as they can be had, of a run that came to no end. */
  async leftBehind(): Promise<Exports> {
    const { register } = this.deps
    const mocks = [this.#ofd, this.#odoo, ...(register ? [register] : [])]
    const [ofd, odoo, kkt = null] = await Promise.all(mocks.map((mock) => mock.exportState().catch(String)))
    return { ofd, odoo, kkt }
  }

  async #configure(mock: Mock, change: Change): Promise<void> {
    const isReached = () =>
      mock.configure(change).then(
        () => true,
        (error: unknown) => {
          if (String(error).startsWith('Error: unexpected answer')) throw error
          return false
        },
      )
    await eventually('a mock to be reached', isReached, { withinMs: REACHED_MS, clock: this.deps.clock })
  }
}
