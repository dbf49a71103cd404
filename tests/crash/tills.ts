import type { Clock } from '@kkt/platform/clock.ts'
import { seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt, anyRegisteredReceipt, type Draw } from '../harness/any_receipt.ts'
import { readTillAnswer } from '../harness/history.ts'
import { type Answer, at } from '../harness/http.ts'
import type { Sale, TillAnswer } from '../harness/invariants.ts'
import { limits } from '../harness/limits.ts'
import { item, receipt } from '../harness/receipts.ts'
import { unlawfulReceipt } from '../harness/unlawful_receipt.ts'
import { receiptAnswer } from '../harness/wire.ts'
import type { Body } from '../harness/wire_content.ts'
import { registersAnswer } from '../harness/wire_register.ts'
import { AfterSales, type Afterwards } from './after_sales.ts'
import type { Service } from './lives.ts'
import { POISONED_TILL } from './plan.ts'
import { type Correction, shownReceipt, tookAnswer } from './putting_right.ts'

export const POS_IDS = ['till-1', 'till-2', 'till-3', 'till-4', 'till-5', POISONED_TILL]

/** One sale in this many is followed by a replay of an earlier one. */
const REPLAYED = 4
/** One sale in this many is followed by a receipt that is wrong. */
const UNLAWFUL = 8
/** Pause before an adapter that lives and does not answer is asked again. */
const PAUSE_MS = 20

/** An adapter that listens. */
export type Listening = Pick<Service, 'ended'> & { url: string }

/** Hands the tills the listening adapters in turn. */
export class Doors {
  readonly #open = new Set<Listening>()
  #opened = Promise.withResolvers<void>()
  #turn = 0

  async adapter(): Promise<Listening> {
    for (;;) {
      const open = [...this.#open]
      const next = open[this.#turn++ % open.length]
      if (next) return next
      await this.#opened.promise
    }
  }

  open(listening: Listening): void {
    this.#open.add(listening)
    this.#opened.resolve()
    void listening.ended.then(() => {
      this.#open.delete(listening)
      if (this.#open.size === 0) this.#opened = Promise.withResolvers()
    })
  }
}

/** Of an answer to a sale, by the cash register. */
const FORMS = { in_process: receiptAnswer, register: registersAnswer }

type TillOptions = {
  doors: Doors
  seed: number
  clock: Clock
  /** An unanswered receipt is sent again after this time. */
  patienceMs?: number
  /** Pause between two customers. */
  paceMs?: number
  /** A till for each. */
  posIds?: readonly string[]
  /** Sent with each sale. */
  headers?: Readonly<Record<string, string>>
  /** The cash register of the adapters. @default 'in_process' */
  kkt?: 'in_process' | 'register'
  /** The tills' work on receipts that they have sold. @default 'nothing' */
  afterwards?: Afterwards
  /** Makes the sales. @default any receipts, and wrong ones between them */
  someReceipt?: (posId: string, draw: Draw) => Body
}

export type Tills = ReturnType<typeof createTills>

/** Tills that send receipt after receipt, each until it is answered, and replay an earlier one now and then. */
export function createTills(options: TillOptions) {
  const {
    doors,
    seed,
    clock,
    patienceMs = limits.answerMs,
    paceMs = 0,
    posIds = POS_IDS,
    headers = {},
    afterwards = 'nothing',
    kkt = 'in_process',
    someReceipt,
  } = options
  const tills = posIds.map((posId, i) => {
    const draw = seededRandom(seed + i)
    const sales: Sale[] = []
    const after = new AfterSales({
      afterwards,
      posId,
      draw,
      fdOf: (number) => 1 + i + posIds.length * number,
      smallReceipt: () => smallReceipt(posId, draw),
      ask: (path, body, key) => ask((adapter) => adapter.post(path, body, { 'idempotency-key': key })),
      show: (id) => ask((adapter) => adapter.get(`/v1/kkt/receipt/${id}`)).then(shownReceipt),
      refund: (sale) => {
        sales.push(sale)
        return sendUntil(sale, () => true, patience.signal)
      },
      putRight: (correction) => putRight(correction, () => true, patience.signal),
      isClosing: () => isClosing,
      onTrouble: (what) => troubles.push(what),
    })
    return { posId, draw, sales, after }
  })
  let isClosing = false
  /** Aborted where nobody waits for the answer to a sale any more. */
  const patience = new AbortController()
  let sentAgain = 0
  let settled = 0
  const troubles: string[] = []
  let selling: Promise<unknown> = Promise.resolve()

  const post = (url: string, path: string, key: string, body: unknown) =>
    at(url, patienceMs)
      .post(path, body, { ...headers, 'idempotency-key': key })
      .catch(() => null)

  /** Sends the receipt once. An answer that tells nothing of it is not kept. */
  async function send(sale: Sale): Promise<TillAnswer | null> {
    const { url, ended } = await doors.adapter()
    const answer = await post(url, '/v1/kkt/receipt', sale.key, sale.receipt)
    const told = answer && readTillAnswer(answer, FORMS[kkt])
    if (told) {
      sale.answers.push(told)
    } else {
      sentAgain += 1
      await Promise.race([ended, clock.wait(PAUSE_MS)])
    }
    return told
  }

  /** Sends the receipt until it gets an answer that is good, or `over` is aborted. */
  async function sendUntil(sale: Sale, isGood: (answer: TillAnswer) => boolean, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const answer = await send(sale)
      if (answer && isGood(answer)) return
      // One that is still printing is asked for again, and not all the time.
      if (answer) await clock.wait(PAUSE_MS)
    }
  }

  /** Sends a correction until it is answered, and until that answer is good, or `over` is aborted. */
  async function putRight(
    correction: Correction,
    isGood: (answer: TillAnswer | undefined) => boolean,
    over: AbortSignal,
  ): Promise<void> {
    while (!over.aborted) {
      const { url, ended } = await doors.adapter()
      const answer = await post(url, '/v1/kkt/correction', correction.key, correction.wanted)
      if (answer !== null && tookAnswer(correction, answer, kkt)) {
        if ([correction.reversal, correction.right].every(({ answers }) => isGood(answers.at(-1)))) return
      } else {
        await Promise.race([ended, clock.wait(PAUSE_MS)])
      }
    }
  }

  /** Asks an adapter once. @returns null where no answer came */
  async function ask(exchange: (adapter: ReturnType<typeof at>) => Promise<Answer>): Promise<Answer | null> {
    const { url } = await doors.adapter()
    return await exchange(at(url, patienceMs, headers)).catch(() => null)
  }

  /** Sends a receipt that must not be taken. It is sent once: an adapter that is down tells nothing of it. */
  async function sendWrong({ posId, draw, sales }: (typeof tills)[number]): Promise<void> {
    const { what, body, code } = unlawfulReceipt(posId, draw)
    const { url } = await doors.adapter()
    const answer = await post(url, '/v1/kkt/receipt', `${posId}-${sales.length}-wrong`, body)
    const told = answer && readTillAnswer(answer, FORMS[kkt])
    if (!told || (told.kind === 'other' && told.what === `422 ${code}`)) return
    troubles.push(`a receipt with ${what} was answered ${told.kind === 'other' ? told.what : told.kind}`)
  }

  async function sell(till: (typeof tills)[number]): Promise<void> {
    const { posId, draw, sales, after } = till
    const next = someReceipt ?? onPaper(kkt)
    while (!isClosing) {
      const key = `${posId}-${sales.length + 1}`
      const sale: Sale = { key, receipt: next(posId, draw), answers: [] }
      sales.push(sale)
      await sendUntil(sale, () => true, patience.signal)
      const earlier = sales[draw(sales.length * REPLAYED)]
      if (earlier) await send(earlier)
      await after.sold(sale)
      if (someReceipt === undefined && draw(UNLAWFUL) === 0) await sendWrong(till)
      if (paceMs > 0) await clock.wait(paceMs)
    }
  }

  return {
    get sales(): Sale[] {
      return tills.flatMap(({ sales, after }) => [
        ...sales,
        ...after.corrections.flatMap(({ reversal, right }) => [reversal, right]),
      ])
    },
    get pairs(): readonly Correction[] {
      return tills.flatMap(({ after }) => after.corrections)
    },
    /** The receipts that were put right, the refunds by reference, and the requests for too much, which were refused. */
    get afterwards(): { putRight: number; refunded: number; refused: number } {
      const sum = (of: 'taken' | 'refused') => tills.reduce((all, { after }) => all + after.refunds[of], 0)
      const putRight = tills.reduce((all, { after }) => all + after.corrections.length, 0)
      return { putRight, refunded: sum('taken'), refused: sum('refused') }
    },
    /** How often a sale had to be sent again, after a 503 or no answer. */
    get sentAgain(): number {
      return sentAgain
    },
    /** The number of sales that `settle` has replayed. A correction is two. */
    get settled(): number {
      return settled
    },
    /** The wrong receipts that were not refused as such. */
    troubles,
    open(): void {
      selling = Promise.all(tills.map(sell))
      // `close` rejects with the same error.
      selling.catch(() => undefined)
    },
    /** Begins no further sale. Resolves when every sale is answered, or soon after `over` is aborted. */
    close(over: AbortSignal): Promise<unknown> {
      isClosing = true
      over.addEventListener('abort', () => patience.abort())
      return selling
    },
    /** Replays every sale, until those answered as buffered are answered with their outcome, or `over` is aborted. */
    settle: (over: AbortSignal) =>
      Promise.all(
        tills.map(async ({ sales, after }) => {
          for (const sale of sales) {
            await sendUntil(sale, ({ kind }) => kind !== 'buffered', over)
            settled += 1
          }
          for (const one of after.corrections) {
            await putRight(one, (answer) => answer?.kind !== 'buffered', over)
            settled += 2
          }
        }),
      ),
  }
}

/** A small sale or refund. */
export function smallReceipt(posId: string, draw: Draw): Body {
  const items = Array.from({ length: 1 + draw(2) }, () => item({ price: (1 + draw(1_000_000)) / 100 }))
  return receipt({ pos_id: posId, type: draw(10) === 0 ? 'refund' : 'sale', items })
}

const SOME = { in_process: anyReceipt, register: anyRegisteredReceipt }

/** Receipts that wait for paper: without it, the steps of printing what a crash left unprinted might never come. */
const onPaper =
  (kkt: keyof typeof SOME) =>
  (posId: string, draw: Draw): Body => {
    const { electronic: _without, ...receipt } = SOME[kkt](posId, draw)
    return receipt
  }
