/** A till's work on receipts that it has sold: it puts them right, and takes goods back. */
import type { Draw } from '../harness/any_receipt.ts'
import { type Answer, expectProblem } from '../harness/http.ts'
import type { Sale } from '../harness/invariants.ts'
import type { Body } from '../harness/wire_content.ts'
import type { FiscalDoc } from '../harness/wire_document.ts'
import {
  type Correction,
  correctionElsewhere,
  correctionOfOwn,
  refundOf,
  type Shown,
  wholeOf,
} from './putting_right.ts'

export type Afterwards = 'nothing' | 'put right' | 'put right and refund'

/** After one sale in this many a till puts a receipt right. */
const PUT_RIGHT = 8
/** After one sale in this many a till takes goods back. */
const REFUNDED = 6
/** One refund in this many is for more than is left. */
const BEYOND = 3

type Deps = {
  afterwards: Afterwards
  posId: string
  draw: Draw
  /** The number of the n-th document of another KKT that this till puts right. */
  fdOf: (number: number) => number
  smallReceipt: () => Body
  /** Asks once. Null where no answer came. */
  ask: (path: string, body: object, key: string) => Promise<Answer | null>
  show: (id: string) => Promise<Shown | null>
  /** Sends it until it is answered. */
  refund: (sale: Sale) => Promise<void>
  putRight: (correction: Correction) => Promise<void>
  isClosing: () => boolean
  onTrouble: (what: string) => void
}

/** A receipt that only this till refunds and puts right, so that it knows what is left. */
type Own = { sale: Sale; doc: FiscalDoc; leftKopecks: number }

export class AfterSales {
  readonly corrections: Correction[] = []
  readonly refunds = { taken: 0, refused: 0 }
  #own: Own[] = []
  #asked = 0

  constructor(private readonly deps: Deps) {}

  /** A sale was answered. Now and then an earlier one is put right or refunded. */
  async sold(sale: Sale): Promise<void> {
    const { afterwards, draw } = this.deps
    if (afterwards === 'nothing') return
    const answer = sale.answers[0]
    if (answer?.kind === 'printed') this.#own.push({ sale, doc: answer.doc, leftKopecks: wholeOf(sale) })
    if (!this.deps.isClosing() && draw(PUT_RIGHT) === 0) await this.#putRight()
    if (afterwards !== 'put right and refund') return
    if (!this.deps.isClosing() && draw(REFUNDED) === 0) await this.#refund()
  }

  async #putRight(): Promise<void> {
    const { draw, smallReceipt, posId } = this.deps
    const number = this.corrections.length + 1
    const key = `${posId}-correction-${number}`
    const own = draw(2) === 0 ? this.#own.at(draw(this.#own.length)) : undefined
    if (!own) {
      const wrong = smallReceipt()
      return await this.#send(correctionElsewhere(key, this.deps.fdOf(number), wrong, smallReceipt()))
    }
    const id = own.sale.answers.flatMap((answer) => ('receiptId' in answer ? [answer.receiptId] : []))[0]
    const shown = id === undefined ? null : await this.deps.show(id)
    if (!shown) return
    this.#forget(own)
    const correction = correctionOfOwn(key, shown, own.doc, smallReceipt())
    await this.#send(correction)
    if (this.deps.afterwards === 'put right and refund' && correction.reversal.answers.at(-1)?.kind === 'printed') {
      await this.#mustNot('/v1/kkt/correction', correction.wanted, 'already_corrected')
      await this.#mustNot('/v1/kkt/receipt', refundOf(own.sale, own.doc, 1), 'refund_exceeds')
    }
  }

  async #send(correction: Correction): Promise<void> {
    this.corrections.push(correction)
    await this.deps.putRight(correction)
  }

  async #refund(): Promise<void> {
    const { draw, posId } = this.deps
    const own = this.#own.at(draw(this.#own.length))
    if (!own) return
    const { sale: original, doc, leftKopecks } = own
    if (leftKopecks === 0 || draw(BEYOND) === 0) {
      await this.#mustNot('/v1/kkt/receipt', refundOf(original, doc, leftKopecks + 1), 'refund_exceeds')
      return
    }
    const amount = Math.ceil(leftKopecks / 2)
    this.refunds.taken += 1
    const sale = { key: `${posId}-refund-${this.refunds.taken}`, receipt: refundOf(original, doc, amount), answers: [] }
    await this.deps.refund(sale)
    this.#refunded(own, sale, amount)
  }

  /** The rest is known once the refund is printed or refused. */
  #refunded(own: Own, { answers }: Sale, amount: number): void {
    const last = answers.at(-1)?.kind
    if (last === 'printed') own.leftKopecks -= amount
    else if (last !== 'refused') this.#forget(own)
  }

  /** Asks for what must be refused. It is sent once: an adapter that is down tells nothing of it. */
  async #mustNot(path: string, body: object, code: string): Promise<void> {
    this.#asked += 1
    const answer = await this.deps.ask(path, body, `${this.deps.posId}-must-not-${this.#asked}`)
    if (answer === null || answer.status === 503) return
    const told = answer.status === 200 ? '200' : expectProblem(answer, answer.status).code
    if (told === code) this.refunds.refused += 1
    else this.deps.onTrouble(`${this.deps.posId} was answered ${told}, and not ${code}, to ${JSON.stringify(body)}`)
  }

  #forget(own: Own): void {
    this.#own = this.#own.filter((one) => one !== own)
  }
}
