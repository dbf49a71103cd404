import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import { formatRoubles } from '../../receipts/money.ts'
import type { FiscalDoc, ReceiptContent, ReceiptId } from '../../receipts/receipt.ts'
import type { KktDriver } from '../driver.ts'
import { type Fn, openFiscalMemory } from './fiscal_memory.ts'

/** By law a shift lasts 24 hours at most (54-FZ, article 4.3). */
const SHIFT_MAX_MS = 24 * 60 * 60 * 1000

/** FNs for tests, as their makers number them, begin so. */
const TEST_FN_PREFIX = '9999'

export type MockKktOptions = {
  /** The file of the fiscal memory. */
  path: string
  kktNumber: string
  printDelayMinMs: number
  printDelayMaxMs: number
}

/**
 * A cash register that signs into its own fiscal memory and takes a while to print.
 * @param random from 0 to below 1
 * @throws StorageFailure, SchemaTooNew when its memory cannot be opened
 */
export function openMockKkt(options: MockKktOptions, deps: { clock: Clock; random: () => number }): KktDriver {
  const { clock, random } = deps
  const memory = openFiscalMemory(options.path, () => ({
    fnNumber: TEST_FN_PREFIX + digits(randomBytes(8), 16 - TEST_FN_PREFIX.length),
    signingKey: randomBytes(16).toString('hex'),
    shiftNumber: 1,
    shiftOpenedAtMs: clock.wallMs(),
  }))

  function renewShift(): void {
    const { shiftNumber, shiftOpenedAtMs } = memory.fn()
    if (clock.wallMs() - shiftOpenedAtMs >= SHIFT_MAX_MS) memory.openShift(shiftNumber + 1, clock.wallMs())
  }

  const print = () =>
    clock.wait(options.printDelayMinMs + random() * (options.printDelayMaxMs - options.printDelayMinMs))

  return {
    async fiscalize(id, content) {
      let doc: FiscalDoc
      try {
        renewShift()
        doc = memory.append(id, (fdNumber, receiptNumber, fn) =>
          sign({ id, content, fdNumber, receiptNumber, fn, kktNumber: options.kktNumber, wallMs: clock.wallMs() }),
        )
      } catch {
        return { kind: 'unknown', reason: 'the fiscal memory did not answer' }
      }
      await print()
      return { kind: 'done', doc }
    },
    async lookup(id) {
      try {
        const doc = memory.find(id)
        return doc ? { kind: 'found', doc } : { kind: 'absent' }
      } catch {
        return { kind: 'unknown', reason: 'the fiscal memory did not answer' }
      }
    },
    async state() {
      try {
        const { fnNumber, shiftNumber } = memory.fn()
        return { kktNumber: options.kktNumber, fnNumber, shiftNumber, lastFdNumber: memory.lastFdNumber() }
      } catch {
        return null
      }
    },
    close: () => memory.close(),
  }
}

type ToSign = {
  id: ReceiptId
  content: ReceiptContent
  fdNumber: number
  receiptNumber: number
  fn: Fn
  kktNumber: string
  wallMs: number
}

function sign({ id, content, fdNumber, receiptNumber, fn, kktNumber, wallMs }: ToSign): FiscalDoc {
  const fiscalDatetime = `${new Date(wallMs).toISOString().slice(0, 19)}Z`
  const signed = [fn.signingKey, fn.fnNumber, fdNumber, fiscalDatetime, content.totalKopecks, id].join('|')
  const fiscalSign = digits(createHash('sha256').update(signed).digest(), 10)
  return {
    fdNumber,
    fiscalSign,
    fiscalDatetime,
    fnNumber: fn.fnNumber,
    kktNumber,
    shiftNumber: fn.shiftNumber,
    receiptNumber,
    totalKopecks: content.totalKopecks,
    qrCodeData: qrCodeData({ fiscalDatetime, fiscalSign, fdNumber, fnNumber: fn.fnNumber, content }),
  }
}

/** What the QR code on a receipt holds: the federal tax service's format (order ED-7-20/662). */
function qrCodeData(doc: {
  fiscalDatetime: string
  fiscalSign: string
  fdNumber: number
  fnNumber: string
  content: ReceiptContent
}): string {
  const time = doc.fiscalDatetime.slice(0, 16).replaceAll(/[-:]/g, '')
  const operation = doc.content.type === 'sale' ? 1 : 2
  return `t=${time}&s=${formatRoubles(doc.content.totalKopecks)}&fn=${doc.fnNumber}&i=${doc.fdNumber}&fp=${doc.fiscalSign}&n=${operation}`
}

/** The last `count` decimal digits of the bytes read as one number, with leading zeros. */
function digits(bytes: Uint8Array, count: number): string {
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return (value % 10n ** BigInt(count)).toString().padStart(count, '0')
}
