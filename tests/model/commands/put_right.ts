import { seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import type { Body } from '../../harness/wire_content.ts'
import type { PutRight } from '../checks/put_right_check.ts'
import { partKey } from '../checks/put_right_check.ts'
import type { Tracked } from '../checks/tracked.ts'
import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'
import type { Command } from './command.ts'
import { UNKNOWN_DOCUMENT, UNKNOWN_ID } from './refund.ts'
import { type Sold, smallSale, type Tills, tillName } from './tills.ts'

type PutRightCommand = Extract<Command, { do: 'put_right' }>

const DAY = '2026-01-15'
const OTHER_NUMBER = 'ЖН-18'

/** The requests of one history that put receipts right. */
export class PuttingRight {
  #sent: { key: string; wanted: PutRight }[] = []

  constructor(
    private readonly world: World,
    private readonly tills: Tills,
  ) {}

  send(node: SimNode, command: PutRightCommand): void {
    const number = this.#sent.length + 1
    const key = `right-${number}`
    const wanted = this.#wanted(command, number)
    this.#sent.push({ key, wanted })
    this.world.findings.count('put right', `by ${command.by}`)
    this.#post(node, key, wanted, 0)
  }

  /** @param other sends another request under its key */
  sendAgain(node: SimNode, back: number, other: boolean): void {
    const sent = this.#sent.at(-1 - back)
    if (!sent) return
    const { key, wanted } = sent
    if (other) this.#post(node, key, { ...wanted, number: OTHER_NUMBER }, 1)
    else this.#post(node, key, wanted, 0)
  }

  #post(node: SimNode, key: string, wanted: PutRight, number: 0 | 1): void {
    const { answers, putRights, putRightAnswers } = this.world
    putRights.asks(key, wanted)
    const asked = answers.ask(key, number)
    const sent = this.tills.ask(node, key, bodyOf(wanted), '/v1/kkt/correction')
    void sent.then((answer) => putRightAnswers.answered(asked, answer))
  }

  #wanted({ till, back, by, right: seed }: PutRightCommand, number: number): PutRight {
    const reason =
      number % 2 === 0 ? { type: 'self' as const, number: null } : { type: 'instruction' as const, number: 'ЖН-17/2' }
    const right = seed === null ? null : rightOf(tillName(till), seed, number)
    const wrong = by === 'nothing' ? undefined : this.#wrong(back)
    if (!wrong) return { ...reason, wrong: null, right: right ?? rightOf(tillName(till), 0, number), date: DAY }
    const { receipt, sold } = wrong
    if (by === 'numbers' && sold) {
      const signed = receipt && receipt.documentedAt !== null ? this.world.kkt.signedOf(receipt.id) : null
      const { fn, fd, fpd } = signed ?? UNKNOWN_DOCUMENT
      return { ...reason, wrong: { numbers: { fn, fd, fpd }, receipt: sold.body }, right, date: DAY }
    }
    return { ...reason, wrong: { id: receipt?.id ?? UNKNOWN_ID }, right, date: number % 3 === 0 ? DAY : null }
  }

  /** A receipt, or one that had put another right. */
  #wrong(back: number): { receipt: Tracked | undefined; sold: Sold | null } | undefined {
    const { receipts } = this.world
    const before = back === 0 ? this.#sent.at(-1) : undefined
    const receipt = before && receipts.ofKey(partKey(before.key, 1))
    if (receipt) return { receipt, sold: null }
    const sold = this.tills.sold(back)
    return sold && { receipt: receipts.ofKey(sold.key), sold }
  }
}

function rightOf(posId: string, seed: number, number: number): Body {
  if (seed === 0) return smallSale(posId, 'what is right', number)
  const {
    correction: _its,
    corrects: _other,
    refund_of: _sold,
    attribute: _own,
    ...right
  } = anyReceipt(posId, seededRandom(seed + number))
  return right
}

function bodyOf({ wrong, right, type, number, date }: PutRight): object {
  const named =
    wrong === null || !('numbers' in wrong)
      ? wrong && { receipt_id: wrong.id }
      : { ...wrong.numbers, receipt: wrong.receipt }
  return {
    ...(named && { wrong: named }),
    ...(right && { right }),
    type,
    ...(number !== null && { number }),
    ...(date !== null && { date }),
  }
}
