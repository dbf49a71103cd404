import { seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import { unlawfulReceipt } from '../../harness/unlawful_receipt.ts'
import type { Body } from '../../harness/wire_content.ts'
import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'

export type Sold = { key: string; body: Body }

export const tillName = (till: number) => `till-${till}`

/** The tills of one history and their sales. */
export class Tills {
  #sold: Sold[] = []
  #wrong = 0

  constructor(private readonly world: Pick<World, 'nodes' | 'answers' | 'contents' | 'findings'>) {}

  /** @param seed of the receipt; 0 makes a small sale */
  sell(node: SimNode, till: number, seed: number): void {
    const number = this.#sold.length + 1
    const posId = tillName(till)
    this.send(node, (key) =>
      seed === 0 ? smallSale(posId, key, number) : anyReceipt(posId, seededRandom(seed + number)),
    )
  }

  /** Sends a new receipt. @returns its key */
  send(node: SimNode, make: (key: string) => Body): string {
    const key = `receipt-${this.#sold.length + 1}`
    const sold = { key, body: make(key) }
    this.#sold.push(sold)
    this.world.findings.count('totals', 'receipts')
    this.#post(node, sold, 0)
    return key
  }

  /** The receipt that was sent `back` receipts ago, counted round where there are fewer. */
  sold(back: number): Sold | undefined {
    return this.#sold.at(-1 - (back % Math.max(1, this.#sold.length)))
  }

  /**
   * Sends a receipt again.
   * @param back the number of receipts that came after it
   * @param body 0 for its own body, 1 for another one under its key
   */
  sendAgain(node: SimNode, back: number, body: 0 | 1): void {
    const sold = this.#sold[this.#sold.length - 1 - back]
    if (sold) this.#post(node, sold, body)
  }

  /** Sends a receipt that must not be taken. */
  sendWrong(node: SimNode, till: number, seed: number): void {
    this.#wrong += 1
    const key = `wrong-${this.#wrong}`
    const { body, code } = unlawfulReceipt(tillName(till), seededRandom(seed))
    void this.ask(node, key, body).then((answer) => this.world.answers.answeredWrong(key, code, answer))
  }

  #post(node: SimNode, { key, body }: Sold, number: 0 | 1): void {
    const { answers, contents } = this.world
    const sent = number === 0 ? body : { ...body, user_attribute: { name: 'Other', value: key } }
    contents.sends(key, sent)
    const asked = answers.ask(key, number)
    void this.ask(node, key, sent).then((answer) => answers.answered(asked, answer))
  }

  /** A till turns to another node where this one does not listen. */
  ask(preferred: SimNode, key: string | null, body: object, path = '/v1/kkt/receipt'): ReturnType<SimNode['ask']> {
    const node = preferred.listens ? preferred : (this.world.nodes.find(({ listens }) => listens) ?? preferred)
    const request = new Request(`http://localhost${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: key === null ? {} : { 'idempotency-key': key },
    })
    return node.ask(request)
  }
}

export const smallSale = (posId: string, name: string, price: number): Body => ({
  pos_id: posId,
  type: 'sale',
  items: [{ name, price, quantity: 1, total: price, vat_rate: 22 }],
  payments: [{ type: 'cash', amount: price }],
})
