import { isDeepStrictEqual } from 'node:util'
import { createDocumentsSeen } from '@kkt/mock-ofd/judge/documents_seen.ts'
import { judgeOrder } from '@kkt/mock-ofd/judge/judge.ts'
import { anyRegisterDocument, numbersIn } from '@kkt/mock-ofd/register_document.ts'
import { anyDocument, submissionOf } from '@kkt/mock-ofd/submission.ts'
import { z } from 'zod'
import { completed, withOriginal } from '../../harness/completed.ts'
import type { Numbers } from '../../harness/put_right.ts'
import { asRegistered } from '../../harness/register_words.ts'
import { settingsOf, type TillsFile } from '../../harness/till_settings.ts'
import { type Body, type Content, content } from '../../harness/wire_content.ts'
import { tagOfId } from '../../harness/wire_register.ts'
import type { Findings } from './findings.ts'
import { mayComeLate, type Receipts, type Tracked } from './tracked.ts'

/** The bodies that a till has sent under a key, and the settings that held at the first of them. */
export type Sent = { bodies: Body[]; sinceVersion: number }
/** The sign of a receipt's document; null where it has none, or where its sign is not known. */
export type SignOf = (receiptId: string) => string | null

const shown = z.object(content.shape)
/** The sign of a document of any kind: an unsigned number of 32 bits. */
export const isSign = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32

/** Checks what the OFD gets and what tills are shown against what the tills have sent, and has an OFD's judge look at it. */
export class ContentCheck {
  #sent = new Map<string, Sent>()
  /** By the receipt, because its key may be that of another one later. */
  #originals = new Map<string, { numbers: Numbers; isCertain: boolean }>()
  #sold = new Map<string, Tracked>()
  #atOfd = new Map<string, Content>()
  /** The contents of receipts as the register has printed them. */
  #printed = new Map<string, (content: Content) => Content>()
  #seen = createDocumentsSeen()

  constructor(private readonly deps: { findings: Findings; receipts: Receipts; versions: readonly TillsFile[] }) {}

  /** A till sends a receipt that is right. */
  sends(key: string, body: Body): void {
    const sent = this.#sent.get(key) ?? { bodies: [], sinceVersion: this.deps.versions.length - 1 }
    this.#sent.set(key, { ...sent, bodies: [...sent.bodies, body] })
  }

  /** A receipt is to be made by what a till has sent under another key. */
  expects(key: string, sent: Sent): void {
    this.#sent.set(key, sent)
  }

  /** A body that was sent under this key. All of them have one operation and one sum. */
  sentAs(key: string): Body | undefined {
    return this.#sent.get(key)?.bodies[0]
  }

  /**
   * The original of a refund has a document, whose numbers take the place of the till's word for it.
   * @param isCertain whether it had one when the refund was accepted
   */
  answersTo(refundId: string, numbers: Numbers, isCertain: boolean): void {
    this.#originals.set(refundId, { numbers, isCertain })
  }

  /** A refund was taken whose original is known, so it may take from that what its till has not said. */
  takesFrom(refundId: string, original: Tracked): void {
    this.#sold.set(refundId, original)
  }

  /** The contents that a receipt may have. */
  possible({ id, key, posId, settingsVersion }: Tracked): Content[] {
    const { bodies, sinceVersion } = this.#sent.get(key) ?? { bodies: [], sinceVersion: 0 }
    const original = this.#originals.get(id)
    const named = original ? bodies.map((body): Body => ({ ...body, refund_of: original.numbers })) : bodies
    const files = this.deps.versions.slice(sinceVersion, settingsVersion + 1)
    const sold = this.#sold.get(id)
    const ofSold = sold ? this.possible(sold) : []
    return (original?.isCertain === false ? [...bodies, ...named] : named)
      .flatMap((body) => [
        body,
        ...ofSold.flatMap((one) => [true, false].map((signed) => withOriginal(body, one, signed))),
      ])
      .flatMap((body) => files.map((file) => completed(body, settingsOf(file, posId))))
  }

  /** A receipt is in the journal. */
  journaled(key: string): void {
    if (!this.#sent.has(key)) this.deps.findings.violated('invariant 10', `${key} is wrong, and was taken`)
  }

  /** The OFD takes a document. */
  taken(receipt: Tracked, text: string): void {
    const { findings } = this.deps
    // The check of the OFD tells of a receipt that is taken twice.
    if (this.#atOfd.has(receipt.id)) return
    const document = anyDocument.parse(JSON.parse(text))
    const read = shown.parse(document)
    this.#atOfd.set(receipt.id, read)
    this.#compare(receipt, read, 'has at the OFD')
    findings.count('documents at the OFD', `${read.correction ? 'correction of a ' : ''}${read.type}`)
    const { numbers, findings: own } = submissionOf(document, text, null)
    const ofOrder = numbers === null ? [] : judgeOrder(numbers, this.#seen)
    if (numbers !== null) this.#seen.note(numbers)
    for (const { code, message, pointer } of [...own, ...ofOrder]) {
      if (code === 'late_document' && mayComeLate(receipt)) continue
      findings.violated('judge', `${receipt.key}: ${pointer} ${message}`)
    }
  }

  /**
   * The OFD takes a register's document of a receipt.
   * @param knowledge what the adapter may have known of signs when it had the receipt printed
   */
  takenFromRegister(receipt: Tracked, text: string, knowledge: readonly SignOf[]): void {
    const { findings } = this.deps
    if (this.#atOfd.has(receipt.id)) return
    const document = anyRegisterDocument.parse(JSON.parse(text))
    const read = shown.parse(document)
    this.#atOfd.set(receipt.id, read)
    findings.count('documents at the OFD', `${read.correction ? 'correction of a ' : ''}${read.type}`)
    for (const { message, pointer } of submissionOf(document, text, numbersIn(document)).findings)
      findings.violated('judge', `${receipt.key}: ${pointer} ${message}`)
    const possible = this.possible(receipt)
    const ways = knowledge.map(asOfNow).map((signOf) => (content: Content) => printedBy(content, receipt.id, signOf))
    const right = ways.find((asPrinted) => possible.some((content) => isDeepStrictEqual(read, asPrinted(content))))
    if (right) {
      this.#printed.set(receipt.id, right)
      return
    }
    findings.violated('content', `${receipt.key} has at the OFD another content than its till has sent`)
    findings.tell(`it has ${text}, and it is ${JSON.stringify(ways.flatMap((asPrinted) => possible.map(asPrinted)))}`)
  }

  /** A till is shown a receipt. */
  shown(receipt: Tracked, text: string): void {
    const read = shown.parse(JSON.parse(text))
    this.#compare(receipt, read, 'is shown')
    const atOfd = this.#atOfd.get(receipt.id)
    const asPrinted = this.#printed.get(receipt.id) ?? ((content: Content) => content)
    if (atOfd && !isDeepStrictEqual(atOfd, asPrinted(read))) {
      this.deps.findings.violated('content', `${receipt.key} is shown otherwise than the OFD has it`)
    }
  }

  /** It is one of the bodies that were sent, completed by settings that held between the first and the acceptance. */
  #compare(receipt: Tracked, read: Content, where: string): void {
    const { findings } = this.deps
    const { key } = receipt
    const isRight = this.possible(receipt).some((content) => isDeepStrictEqual(read, content))
    if (!isRight) findings.violated('content', `${key} ${where} another content than its till has sent`)
  }
}

/** Knows for good what was known when it was first asked, whatever is pruned or told later. */
function asOfNow(signOf: SignOf): SignOf {
  const known = new Map<string, string | null>()
  return (receiptId) => {
    const sign = known.get(receiptId)
    if (sign !== undefined) return sign
    const now = signOf(receiptId)
    known.set(receiptId, now)
    return now
  }
}

/** With the receipt's id where its till leaves that tag free. */
const printedBy = (content: Content, receiptId: string, signOf: SignOf): Content => ({
  user_attribute: tagOfId(receiptId),
  ...asRegistered(content, (id) => signOf(id) ?? undefined),
})
