import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { KktState, ShiftReport } from '@kkt/adapter/src/domain/kkt.ts'
import type {
  FnDocument,
  KktKeyLookup,
  KktLookup,
  KktOutcome,
  KktTask,
  ReprintOutcome,
  ToFiscalize,
} from '@kkt/adapter/src/domain/kkt_outcome.ts'
import type { IdempotencyKey, ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { type Moment, printerTroubleOf } from '../device/device.ts'
import { openDevice } from '../device/open_device.ts'
import { reportOf, stateOf } from '../device/report.ts'
import { NO_MEMORY, NO_REPLY, REFUSALS, refused, TASK_REFUSALS } from './answers.ts'
import { exchangeWith } from './exchange.ts'
import { type MockKktOptions, Press } from './press.ts'
import { TaskWorker } from './task_worker.ts'

/** A driver of the adapter, and the sides of the device that its tests control. */
export type MockKkt = ReturnType<typeof openMockKkt>

/**
 * A cash register that signs into its own fiscal memory, takes time to print, and fails on demand.
 * @param random from 0 to below 1
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer when its memory cannot be used; RangeError for a zone
 * that does not exist
 */
export function openMockKkt(
  db: Database,
  options: MockKktOptions,
  { clock, random }: { clock: Clock; random: () => number },
) {
  const { memory, device, fileAt, faults, replaceFn } = openDevice(db, options, clock)
  const exchange = exchangeWith({ memory, device })
  const press = new Press({ memory, device, options, clock, random, fileAt })
  const worker = new TaskWorker({ memory, device, press, exchange, clock, fileAt })
  return {
    isMock: true,
    /** It refuses by its registration when it is asked for the document. */
    cannot: () => null,
    async fiscalize(receipts: readonly ToFiscalize[], token: FencingToken): Promise<readonly KktOutcome[]> {
      const answer = exchange(token, (state) => press.makeAll(receipts, state))
      // Its COMMIT may have been done all the same, and then it holds documents of them all.
      if (answer === NO_MEMORY) return receipts.map(() => NO_MEMORY)
      return 'kind' in answer ? [answer] : await Promise.all(answer.map((one) => press.outcomeOf(one)))
    },

    async lookup(id: ReceiptId, token: FencingToken): Promise<KktLookup> {
      return exchange(token, (state) => {
        if (device.strikes(state, 'lookup_lost')) return NO_REPLY
        const found = memory.documents.find(id)
        return found ? { kind: 'found' as const, ...found } : absent(state)
      })
    },
    async lookupKey(key: IdempotencyKey, token: FencingToken): Promise<KktKeyLookup> {
      return exchange(token, (state) => {
        if (device.strikes(state, 'lookup_lost')) return NO_REPLY
        const receipt = memory.documents.findKey(key)
        return receipt ? { kind: 'found' as const, receipt } : { kind: 'absent' as const }
      })
    },
    perform: (task: KktTask, token: FencingToken) => worker.perform(task, token),
    lookupTask: (task: KktTask, token: FencingToken) => worker.lookup(task, token),
    async documentsAfter(fdNumber: number, limit: number): Promise<FnDocument[] | null> {
      try {
        return memory.device().faults.gone ? null : memory.documents.after(fdNumber, limit)
      } catch {
        return null
      }
    },

    async reprint(id: ReceiptId, token: FencingToken): Promise<ReprintOutcome> {
      const asked = exchange(token, ({ faults }) => {
        const found = memory.documents.find(id)
        if (!found) return TASK_REFUSALS.no_document
        const trouble = printerTroubleOf(faults)
        if (trouble !== null) return trouble === 'paper_out' ? refused('the KKT has no paper') : REFUSALS[trouble]
        return { kind: 'ready' as const, doc: found.doc, faults }
      })
      if (asked.kind !== 'ready') return asked
      return (await press.print(asked.doc, press.printMs(asked.faults))) ? { kind: 'done' } : NO_MEMORY
    },

    async confirmThrough(fnNumber: string, fdNumber: number): Promise<void> {
      device.ask((state) => device.confirmThrough(state, fnNumber, fdNumber))
    },

    /** A question only counts `busy` down, so that a busy KKT becomes free for a caller that waits for it. */
    async state(): Promise<KktState | null> {
      return device.ask((state) => stateOf(state, device.troubleOf(state), options.kktNumber, memory))
    },
    async shiftReport(): Promise<ShiftReport | null> {
      return device.ask((state) => reportOf(state, memory))
    },

    faults,
    documents: memory.documents.list,
    documentCount: memory.documents.count,
    documentsOf: memory.documentsOf,
    /** The tasks that it has done, in their order. */
    tasks: memory.tasks.list,
    replaceFn,
    close: memory.close,
  }
}

const absent = ({ fn }: Moment) => ({ kind: 'absent' as const, fnNumber: fn.fnNumber })
