import { randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import type { FencingToken } from '../../domain/fencing_token.ts'
import type { Paper } from '../../domain/receipt.ts'
import type { Database } from '../../sqlite/database.ts'
import type { KktDriver, KktTrouble, ToFiscalize } from '../driver.ts'
import type { Filed } from './documents.ts'
import { type KktFaults, type KktFaultsChange, kktFaults, NO_FAULTS } from './faults.ts'
import { type Device, type Fn, openFiscalMemory } from './fiscal_memory.ts'
import { digits, sign } from './sign.ts'

/** By law a shift lasts 24 hours at most (54-FZ, article 4.3). */
const SHIFT_MAX_MS = 24 * 60 * 60 * 1000

/** FNs for tests, as their makers number them, begin so. */
const TEST_FN_PREFIX = '9999'

/** How long it prints is read for each document: it may change. */
export type MockKktOptions = { kktNumber: string; readonly printDelayMinMs: number; readonly printDelayMaxMs: number }

export type MockKkt = KktDriver & {
  /** What it does wrong. Kept in its own file: it outlives the adapter, and is one for all who drive the device. */
  faults: {
    current(): KktFaults
    /** @returns the whole resulting configuration */
    configure(change: KktFaultsChange): KktFaults
    reset(): void
  }
  /** The documents in the FN after an FD number, in their order. */
  documents(afterFd: number, limit: number): Filed[]
  /** How many the FN holds. */
  documentCount(): number
}

const unknown = (reason: string) => ({ kind: 'unknown' as const, reason })
const refused = (reason: string, isLasting = false) => ({ kind: 'refused' as const, isLasting, reason })

const NO_ANSWER = unknown('the KKT does not answer')
const NO_MEMORY = unknown('the fiscal memory did not answer')
const NO_REPLY = unknown('the reply of the KKT got lost')
const NO_CONNECTION = unknown('the connection to the KKT broke')
const outdated = (newest: FencingToken) => ({
  kind: 'outdated' as const,
  newest,
  reason: 'another process drives the KKT',
})

/** Why a KKT in trouble makes no document. Without paper it does make one. */
const REFUSALS = {
  busy: refused('the KKT is busy'),
  fn_full: refused('the FN is full: have it replaced', true),
  shift_expired: refused('the shift has expired'),
}

/**
 * A cash register that signs into its own fiscal memory, takes a while to print, and fails as it is told.
 * @param random from 0 to below 1
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer when its memory cannot be used
 */
export function openMockKkt(
  db: Database,
  options: MockKktOptions,
  { clock, random }: { clock: Clock; random: () => number },
): MockKkt {
  const { kktNumber } = options
  const memory = openFiscalMemory(db, kktNumber, () => ({
    fnNumber: TEST_FN_PREFIX + digits(randomBytes(8), 16 - TEST_FN_PREFIX.length),
    signingKey: randomBytes(16).toString('hex'),
    shiftNumber: 1,
    shiftOpenedAtMs: clock.wallMs(),
  }))

  /**
   * What the device does at once for whoever has the newest token. Seeing a newer one and doing the work are one
   * transaction: after that, nothing of an older holder can get in.
   */
  function exchange<T>(
    token: FencingToken,
    work: (device: Device) => T,
  ): T | typeof NO_ANSWER | ReturnType<typeof outdated> {
    try {
      return memory.transaction(() => {
        const device = memory.device()
        if (device.faults.gone) return NO_ANSWER
        if (token < device.newestToken) return outdated(device.newestToken)
        if (token > device.newestToken) memory.raiseToken(token)
        return work(device)
      })
    } catch {
      return NO_MEMORY
    }
  }

  /** Whether a counted fault strikes, which counts it down. */
  function strikes(faults: KktFaults, name: 'reply_lost' | 'connection_lost' | 'lookup_lost' | 'busy'): boolean {
    if (faults[name] === 0) return false
    memory.keepFaults({ ...faults, [name]: faults[name] - 1 })
    return true
  }

  const isExpired = (fn: Fn): boolean => clock.wallMs() - fn.shiftOpenedAtMs >= SHIFT_MAX_MS

  /** What the device cannot do now, by what stops a document first. */
  function troubleOf({ fn, faults }: Device): KktTrouble | null {
    if (strikes(faults, 'busy')) return 'busy'
    if (faults.fn_full) return 'fn_full'
    if (faults.shift_expired || isExpired(fn)) return 'shift_expired'
    return faults.paper_out ? 'paper_out' : null
  }

  function make(receipt: ToFiscalize, device: Device) {
    const { id, content } = receipt
    const { fn, faults } = device
    if (strikes(faults, 'connection_lost')) return NO_CONNECTION
    const trouble = troubleOf(device)
    if (trouble !== null && trouble !== 'paper_out') return REFUSALS[trouble]
    const numbers = { fdNumber: device.lastFdNumber + 1, receiptNumber: device.lastReceiptNumber + 1 }
    const doc = sign({ ...numbers, id, content, fn, kktNumber, wallMs: clock.wallMs() })
    const takesMs = trouble === null ? printMs(faults) : 0
    // What takes no time is done at once, in the same transaction.
    const paper: Paper = trouble === null && takesMs === 0 ? 'printed' : 'missing'
    memory.documents.append(receipt, doc, paper)
    return { kind: 'made' as const, doc, paper, takesMs, isReplyLost: strikes(faults, 'reply_lost') }
  }

  const printMs = ({ slow_print_seconds }: KktFaults): number =>
    options.printDelayMinMs + random() * (options.printDelayMaxMs - options.printDelayMinMs) + slow_print_seconds * 1000

  /** Resolves when the paper is out, to whether that is known. */
  async function print(fdNumber: number, takesMs: number): Promise<boolean> {
    await clock.wait(takesMs)
    try {
      memory.documents.markPrinted(fdNumber)
      return true
    } catch {
      return false
    }
  }

  return {
    async fiscalize(receipt, token) {
      const made = exchange(token, (device) => make(receipt, device))
      if (made.kind !== 'made') return made
      const { doc, takesMs } = made
      if (takesMs > 0 && !(await print(doc.fdNumber, takesMs))) return NO_MEMORY
      return made.isReplyLost ? NO_REPLY : { kind: 'done', doc, paper: takesMs > 0 ? 'printed' : made.paper }
    },

    async lookup(id, token) {
      return exchange(token, ({ faults }) => {
        if (strikes(faults, 'lookup_lost')) return NO_REPLY
        const found = memory.documents.find(id)
        return found ? { kind: 'found' as const, ...found } : { kind: 'absent' as const }
      })
    },
    async lookupKey(key, token) {
      return exchange(token, ({ faults }) => {
        if (strikes(faults, 'lookup_lost')) return NO_REPLY
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
      const asked = exchange(token, ({ faults }) => {
        const found = memory.documents.find(id)
        if (!found) return refused('the KKT holds no document of this receipt', true)
        return faults.paper_out ? refused('the KKT has no paper') : { kind: 'ready' as const, doc: found.doc, faults }
      })
      if (asked.kind !== 'ready') return asked
      return (await print(asked.doc.fdNumber, printMs(asked.faults))) ? { kind: 'done' } : NO_MEMORY
    },

    async renewShift(token) {
      return exchange(token, ({ fn, faults }) => {
        memory.openShift(fn.shiftNumber + 1, clock.wallMs())
        memory.keepFaults({ ...faults, shift_expired: false })
        return { kind: 'done' as const }
      })
    },

    /** Being asked counts `busy` down, so that a KKT becomes free for one who waits for that; and nothing else. */
    async state() {
      try {
        return memory.transaction(() => {
          const device = memory.device()
          if (device.faults.gone) return null
          const { fnNumber, shiftNumber } = device.fn
          const { lastFdNumber } = device
          return { kktNumber, fnNumber, shiftNumber, lastFdNumber, trouble: troubleOf(device) }
        })
      } catch {
        return null
      }
    },

    faults: {
      current: () => memory.device().faults,
      configure: (change) =>
        memory.transaction(() => {
          const faults = kktFaults.parse({ ...memory.device().faults, ...change })
          memory.keepFaults(faults)
          return faults
        }),
      reset: () => memory.keepFaults(NO_FAULTS),
    },
    documents: memory.documents.list,
    documentCount: memory.documents.count,
    close: memory.close,
  }
}
