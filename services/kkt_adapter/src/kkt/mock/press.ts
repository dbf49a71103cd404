import type { Clock } from '@kkt/platform/clock.ts'
import type { Paper } from '../../domain/receipt.ts'
import type { ToFiscalize } from '../driver.ts'
import { NO_CONNECTION, REFUSALS } from './answers.ts'
import type { MockDevice } from './device.ts'
import type { KktFaults } from './faults.ts'
import type { Device, FiscalMemory } from './fiscal_memory.ts'
import { sign } from './sign.ts'

/** The printing time is read for each document, because it may change. */
export type MockKktOptions = { kktNumber: string; readonly printDelayMinMs: number; readonly printDelayMaxMs: number }

export class Press {
  constructor(
    private readonly memory: FiscalMemory,
    private readonly device: MockDevice,
    private readonly deps: { options: MockKktOptions; clock: Clock; random: () => number },
  ) {}

  /** Signs a document into the FN, inside an exchange. If printing takes time, `print` brings out the paper. */
  make(receipt: ToFiscalize, state: Device) {
    const { memory, device } = this
    const { options, clock } = this.deps
    const { id, content } = receipt
    const { fn, faults } = state
    if (device.strikes(faults, 'connection_lost')) return NO_CONNECTION
    const trouble = device.troubleOf(state)
    if (trouble !== null && trouble !== 'paper_out') return REFUSALS[trouble]
    const numbers = { fdNumber: state.lastFdNumber + 1, receiptNumber: state.lastReceiptNumber + 1 }
    const doc = sign({ ...numbers, id, content, fn, kktNumber: options.kktNumber, wallMs: clock.wallMs() })
    const takesMs = trouble === null ? this.printMs(faults) : 0
    // Printing that takes no time is done in the same transaction.
    const paper: Paper = trouble === null && takesMs === 0 ? 'printed' : 'missing'
    memory.documents.append(receipt, doc, paper)
    return { kind: 'made' as const, doc, paper, takesMs, isReplyLost: device.strikes(faults, 'reply_lost') }
  }

  /** The printing time of the next document. */
  printMs({ slow_print_seconds }: KktFaults): number {
    const { options, random } = this.deps
    const { printDelayMinMs, printDelayMaxMs } = options
    return printDelayMinMs + random() * (printDelayMaxMs - printDelayMinMs) + slow_print_seconds * 1000
  }

  /** Resolves when the paper is out, to whether that is known. */
  async print(fdNumber: number, takesMs: number): Promise<boolean> {
    await this.deps.clock.wait(takesMs)
    try {
      this.memory.documents.markPrinted(fdNumber)
      return true
    } catch {
      return false
    }
  }
}
