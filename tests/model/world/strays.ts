import type { OfdCall } from './ofd.ts'
import type { Reply } from './replies.ts'

type Stray = { reply: Reply; to: OfdCall; isNamed: boolean }

/** Second answers on their way: each is taken for the answer to the next request of its process. */
export class Strays {
  #of = new Map<string, Stray>()

  /** @param isNamed whether the answer names its receipt */
  add(to: OfdCall, reply: Reply, isNamed: boolean): void {
    const stray = { to, reply, isNamed }
    this.#of.set(to.from, stray)
    // The connection went with the request that was given up.
    to.onCutOff(() => this.#of.get(to.from) === stray && this.#of.delete(to.from))
  }

  clear(): void {
    this.#of.clear()
  }

  /** The answer that a request gets instead of its own. `isRight`: it is true of its receipt all the same. */
  takenFor(call: OfdCall): { reply: Reply; isRight: boolean } | null {
    const stray = this.#of.get(call.from)
    this.#of.delete(call.from)
    if (!stray) return null
    const { reply, to, isNamed } = stray
    const isOurs = to.receiptId === call.receiptId
    if (reply.status === 200) return { reply, isRight: isOurs && (isNamed || call.method === 'POST') }
    // A sender cannot tell a refusal that names no receipt, or that was true of this one before, from its own.
    const isTold = isNamed && (!isOurs || (to.method === 'GET' && call.method === 'POST'))
    return isTold ? { reply, isRight: false } : null
  }
}
