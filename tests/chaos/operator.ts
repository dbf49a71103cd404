import type { Clock } from '@kkt/platform/clock.ts'
import type { DeadLetters } from '../crash/drain.ts'
import type { Doors } from '../crash/tills.ts'
import { adapterClient } from '../harness/clients.ts'
import type { RegisterOperator } from '../harness/register_operator.ts'

/** The OFD never takes a receipt that it has rejected, so a requeue would be in vain. */
const REJECTED = 'the OFD has rejected it'
const ASKED_MS = 2000

/** `atRegister`: null where the cash register is a mock inside the adapters. */
type Deps = {
  doors: Doors
  deadLetters: DeadLetters
  atRegister: RegisterOperator | null
  clock: Clock
  over: AbortSignal
}

/** A person in the shop, who asks whichever adapter answers. */
export class Operator {
  constructor(private readonly deps: Deps) {}

  /** Given up where no adapter answers. It comes again later. */
  requeueSomewhere = (): Promise<void> => this.#somewhere((url) => this.requeue(url))

  settleSomewhere = (): Promise<void> =>
    this.#somewhere(async (url) => await this.deps.atRegister?.turn(adapterClient(url)))

  /** Of documents that a register hands over, none is a dead letter. */
  async requeue(url: string): Promise<void> {
    if (this.deps.atRegister !== null) return
    const adapter = adapterClient(url)
    for (const { receipt_id: id, last_error: error } of await this.deps.deadLetters.read(adapter)) {
      if (error !== REJECTED) await adapter.post(`/v1/kkt/buffer/dlq/${id}/requeue`)
    }
  }

  async #somewhere(work: (url: string) => Promise<void>): Promise<void> {
    const { doors, clock, over } = this.deps
    const worked = doors.adapter().then(({ url }) => work(url))
    await Promise.race([worked.catch(() => undefined), clock.wait(ASKED_MS, over)])
  }
}
