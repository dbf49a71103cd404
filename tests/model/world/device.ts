import type { KktDriver } from '@kkt/adapter/src/kkt/driver.ts'
import type { RestingPoint } from './strikes.ts'

/** Sees the exchanges between a process and the KKT. */
export type DeviceWatch = {
  asked(what: 'fiscalize' | 'lookup' | 'reprint', receiptId: string): void
  answered(
    what: 'fiscalize' | 'lookup' | 'reprint',
    receiptId: string,
    answer: { kind: string; isLasting?: boolean },
  ): void
}

/**
 * The KKT as a process reaches it. The process may be struck on the way there and back, and answers may be late.
 */
export function reached(
  driver: KktDriver,
  at: (point: RestingPoint) => Promise<void>,
  answerTakes: () => Promise<void>,
  watch: DeviceWatch,
): KktDriver {
  const exchange = async <T>(work: () => Promise<T>): Promise<T> => {
    await at('kkt_asked')
    const answer = await work()
    await answerTakes()
    await at('kkt_answered')
    return answer
  }
  const about = async <T extends { kind: string }>(
    what: 'fiscalize' | 'lookup' | 'reprint',
    receiptId: string,
    work: () => Promise<T>,
  ): Promise<T> => {
    watch.asked(what, receiptId)
    const answer = await exchange(work)
    watch.answered(what, receiptId, answer)
    return answer
  }
  return {
    isMock: driver.isMock,
    async fiscalize(receipts, token) {
      for (const { id } of receipts) watch.asked('fiscalize', id)
      const outcomes = await exchange(() => driver.fiscalize(receipts, token))
      for (const [n, { id }] of receipts.entries())
        watch.answered('fiscalize', id, outcomes[n] ?? { kind: 'not_taken' })
      return outcomes
    },
    lookupKey: (key, token) => exchange(() => driver.lookupKey(key, token)),
    documentsAfter: (fdNumber, limit) => exchange(() => driver.documentsAfter(fdNumber, limit)),
    lookup: (id, token) => about('lookup', id, () => driver.lookup(id, token)),
    reprint: (id, token) => about('reprint', id, () => driver.reprint(id, token)),
    renewShift: (token) => exchange(() => driver.renewShift(token)),
    state: () => exchange(() => driver.state()),
    close: () => undefined,
  }
}
