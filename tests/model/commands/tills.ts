import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'

type Sold = { key: string; till: number; price: number }

export const tillName = (till: number) => `till-${till}`

/** The tills of one history and their sales. */
export class Tills {
  #sold: Sold[] = []

  constructor(private readonly world: Pick<World, 'nodes' | 'answers' | 'findings'>) {}

  sell(node: SimNode, till: number): void {
    const number = this.#sold.length + 1
    const sold = { key: `receipt-${number}`, till, price: number }
    this.#sold.push(sold)
    this.world.findings.count('totals', 'receipts')
    this.#post(node, sold, 0)
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

  #post(preferred: SimNode, { key, till, price }: Sold, body: 0 | 1): void {
    const { answers, nodes } = this.world
    // A till turns to another node where this one does not listen.
    const node = preferred.listens ? preferred : (nodes.find(({ listens }) => listens) ?? preferred)
    const roubles = price + body * 1000
    const receipt = {
      pos_id: tillName(till),
      type: 'sale',
      items: [{ name: key, price: roubles, quantity: 1, total: roubles, vat_rate: 22 }],
      payments: [{ type: 'cash', amount: roubles }],
    }
    const asked = answers.ask(key, body)
    const request = new Request('http://localhost/v1/kkt/receipt', {
      method: 'POST',
      body: JSON.stringify(receipt),
      headers: { 'idempotency-key': key },
    })
    void node.ask(request).then((answer) => answers.answered(asked, answer))
  }
}
