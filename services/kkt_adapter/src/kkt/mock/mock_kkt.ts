import type { Clock } from '@kkt/platform/clock.ts'
import type { Database } from '../../sqlite/database.ts'
import type { KktDriver } from '../driver.ts'
import { NO_MEMORY, NO_REPLY, REFUSALS, refused } from './answers.ts'
import { fnTroubleOf, MockDevice, type Moment } from './device.ts'
import { documentTimes } from './document_time.ts'
import type { Filed } from './documents.ts'
import { type KktFaults, type KktFaultsChange, kktFaults, NO_FAULTS } from './faults.ts'
import { Filing } from './filing.ts'
import { type FiscalMemory, openFiscalMemory } from './fiscal_memory.ts'
import { type MockKktOptions, Press } from './press.ts'

const DEFAULT_TIME_ZONE = 'Europe/Moscow'

export type MockKkt = KktDriver & {
  /** The device's faults. They outlive the adapter and hold for every process that drives the device. */
  faults: {
    current(): KktFaults
    /** @returns the whole resulting configuration */
    configure(change: KktFaultsChange): KktFaults
    reset(): void
  }
  documents(afterFd: number, limit: number): Filed[]
  documentCount(): number
}

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
): MockKkt {
  const { kktNumber, timeZone = DEFAULT_TIME_ZONE } = options
  const timeOf = documentTimes(timeZone)
  const memory = openFiscalMemory(db, kktNumber)
  const device = new MockDevice(memory, clock)
  const fileAt = (state: Moment) => new Filing({ memory, kktNumber, timeOf }, state)
  const press = new Press({ memory, device, options, clock, random, fileAt })
  if (memory.device().lastFdNumber === 0) memory.transaction(() => register(device.now(), fileAt))

  return {
    isMock: true,
    async fiscalize(receipts, token) {
      const answer = device.exchange(token, (state) => press.makeAll(receipts, state))
      // Its COMMIT may have been done all the same, and then it holds documents of them all.
      if (answer === NO_MEMORY) return receipts.map(() => NO_MEMORY)
      return 'kind' in answer ? [answer] : await Promise.all(answer.map((one) => press.outcomeOf(one)))
    },

    async lookup(id, token) {
      return device.exchange(token, ({ faults }) => {
        if (device.strikes(faults, 'lookup_lost')) return NO_REPLY
        const found = memory.documents.find(id)
        return found ? { kind: 'found' as const, ...found } : { kind: 'absent' as const }
      })
    },
    async lookupKey(key, token) {
      return device.exchange(token, ({ faults }) => {
        if (device.strikes(faults, 'lookup_lost')) return NO_REPLY
        const receipt = memory.documents.findKey(key)
        return receipt ? { kind: 'found' as const, receipt } : { kind: 'absent' as const }
      })
    },
    async documentsAfter(fdNumber, limit) {
      try {
        return memory.device().faults.gone ? null : memory.documents.after(fdNumber, limit)
      } catch {
        return null
      }
    },

    async reprint(id, token) {
      const asked = device.exchange(token, ({ faults }) => {
        const found = memory.documents.find(id)
        if (!found) return refused('the KKT holds no document of this receipt', true)
        return faults.paper_out ? refused('the KKT has no paper') : { kind: 'ready' as const, doc: found.doc, faults }
      })
      if (asked.kind !== 'ready') return asked
      return (await press.print(asked.doc.fdNumber, press.printMs(asked.faults))) ? { kind: 'done' } : NO_MEMORY
    },

    async renewShift(token) {
      return device.exchange(token, (state) => {
        const trouble = fnTroubleOf(state)
        if (trouble !== null) return REFUSALS[trouble]
        fileAt(state).renewShift()
        memory.keepFaults({ ...state.faults, shift_expired: false })
        return { kind: 'done' as const }
      })
    },

    /** A question only counts `busy` down, so that a busy KKT becomes free for a caller that waits for it. */
    async state() {
      return device.ask((state) => {
        const { fnNumber } = state.fn
        const { shiftNumber } = state.shift
        return { kktNumber, fnNumber, shiftNumber, lastFdNumber: state.lastFdNumber, trouble: device.troubleOf(state) }
      })
    },

    faults: faultsOf(memory),
    documents: memory.documents.list,
    documentCount: memory.documents.count,
    close: memory.close,
  }
}

/** Registers a new FN, unless another process has done so meanwhile. */
function register(state: Moment, fileAt: (state: Moment) => Filing): void {
  if (state.lastFdNumber === 0) fileAt(state).register()
}

const faultsOf = (memory: FiscalMemory): MockKkt['faults'] => ({
  current: () => memory.device().faults,
  configure: (change) =>
    memory.transaction(() => {
      const faults = kktFaults.parse({ ...memory.device().faults, ...change })
      memory.keepFaults(faults)
      return faults
    }),
  reset: () => memory.keepFaults(NO_FAULTS),
})
