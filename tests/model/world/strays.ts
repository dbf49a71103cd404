import type { OfdCall } from './ofd.ts'
import type { Reply } from './replies.ts'

type Stray = { reply: Reply; to: OfdCall; isNamed: boolean }

/** Second answers on their way. Each is taken as the answer to the next request of its process. */
export class Strays {
  #of = new Map<string, Stray>()

  /** @param isNamed whether the answer names its receipt */
  add(to: OfdCall, reply: Reply, isNamed: boolean): void {
    const stray = { to, reply, isNamed }
    this.#of.set(to.from, stray)
    // A request that is given up closes its connection.
    to.onCutOff(() => this.#of.get(to.from) === stray && this.#of.delete(to.from))
  }

  clear(): void {
    this.#of.clear()
  }

  /** The answer that a request gets instead of its own. `isRight`: it happens to be true of the request's receipt. */
  takenFor(call: OfdCall): { reply: Reply; isRight: boolean } | null {
    const stray = this.#of.get(call.from)
    this.#of.delete(call.from)
    if (!stray) return null
    const { reply, to, isNamed } = stray
    const isOurs = to.receiptId === call.receiptId
    if (reply.status === 200) return { reply, isRight: isOurs && (isNamed || call.method === 'POST') }
    // A sender cannot tell a refusal from its own where it names no receipt, or was true of the same receipt before.
    const isTold = isNamed && (!isOurs || (to.method === 'GET' && call.method === 'POST'))
    return isTold ? { reply, isRight: false } : null
  }
}
