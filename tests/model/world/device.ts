import type { KktDriver } from '@kkt/adapter/src/kkt/driver.ts'
import type { RestingPoint } from './strikes.ts'

/** Something that the KKT is asked about one receipt, or about one task. */
export type Question = 'fiscalize' | 'lookup' | 'reprint' | 'perform' | 'lookupTask'
export type DeviceAnswer = { kind: string; isLasting?: boolean; fnNumber?: string }

/** Sees the exchanges between a process and the KKT. The ids are those of receipts and tasks. */
export type DeviceWatch = {
  asked(what: Question, id: string): void
  answered(what: Question, id: string, answer: DeviceAnswer): void
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
  const about = async <T extends DeviceAnswer>(what: Question, id: string, work: () => Promise<T>): Promise<T> => {
    watch.asked(what, id)
    const answer = await exchange(work)
    watch.answered(what, id, answer)
    return answer
  }
  const { lookupKey: ofKeys, confirmThrough: confirm } = driver
  return {
    isMock: driver.isMock,
    cannot: driver.cannot,
    async fiscalize(receipts, token) {
      for (const { id } of receipts) watch.asked('fiscalize', id)
      const outcomes = await exchange(() => driver.fiscalize(receipts, token))
      for (const [n, { id }] of receipts.entries())
        watch.answered('fiscalize', id, outcomes[n] ?? { kind: 'not_taken' })
      return outcomes
    },
    lookupKey: ofKeys && ((key, token) => exchange(() => ofKeys(key, token))),
    documentsAfter: (fdNumber, limit) => exchange(() => driver.documentsAfter(fdNumber, limit)),
    lookup: (id, token) => about('lookup', id, () => driver.lookup(id, token)),
    reprint: (id, token) => about('reprint', id, () => driver.reprint(id, token)),
    perform: (task, token) => about('perform', task.id, () => driver.perform(task, token)),
    lookupTask: (task, token) => about('lookupTask', task.id, () => driver.lookupTask(task, token)),
    confirmThrough: confirm && ((fnNumber, fdNumber) => exchange(() => confirm(fnNumber, fdNumber))),
    state: () => exchange(() => driver.state()),
    shiftReport: () => exchange(() => driver.shiftReport()),
    close: () => undefined,
  }
}
