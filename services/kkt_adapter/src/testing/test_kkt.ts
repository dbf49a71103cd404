import type { FiscalDoc, IdempotencyKey, ReceiptId } from '../domain/receipt.ts'
import type {
  FnDocument,
  KktDriver,
  KktKeyLookup,
  KktLookup,
  KktOutcome,
  KktState,
  KktTask,
  ToFiscalize,
} from '../kkt/driver.ts'
import { fiscalDoc, lastFd, nextFd } from './kit.ts'

/** A KKT that fiscalises every receipt in order, unless a test sets another answer for one. */
export class TestKkt implements KktDriver {
  /** It plays a real KKT. */
  isMock = false
  readonly handed: ReceiptId[] = []
  readonly lookedUp: ReceiptId[] = []
  readonly documents = new Map<ReceiptId, FiscalDoc>()
  onFiscalize: (id: ReceiptId, make: () => FiscalDoc) => Promise<KktOutcome> = async (_id, make) => ({
    kind: 'done',
    doc: make(),
    paper: 'printed',
  })
  onLookup: (id: ReceiptId) => Promise<KktLookup> = async (id) => {
    const doc = this.documents.get(id)
    return doc ? { kind: 'found', doc, paper: 'printed' } : { kind: 'absent' }
  }
  onReprint: (id: ReceiptId) => Promise<KktTask> = async () => ({ kind: 'done' })
  /** The trouble in its report. */
  trouble: KktState['trouble'] = null
  readonly reprinted: ReceiptId[] = []
  shiftNumber = 1

  onLookupKey: (key: IdempotencyKey) => Promise<KktKeyLookup> = async () => ({ kind: 'absent' })
  /** The documents that its FN holds besides those made here. */
  onDocumentsAfter: (fdNumber: number) => Promise<FnDocument[] | null> = async () => []
  readonly keysLookedUp: IdempotencyKey[] = []
  /** The number of receipts that it takes at once. */
  takes = 1
  fiscalize(receipts: readonly ToFiscalize[]): Promise<KktOutcome[]> {
    const take = ({ id }: ToFiscalize) => {
      this.handed.push(id)
      return this.onFiscalize(id, () => this.#make(id))
    }
    return Promise.all(receipts.slice(0, this.takes).map(take))
  }

  #make(id: ReceiptId): FiscalDoc {
    const doc = fiscalDoc(nextFd())
    this.documents.set(id, doc)
    return doc
  }

  /** Answers in a later turn, as a remote device does, so that a loop of look-ups lets other work run. */
  async lookup(id: ReceiptId): Promise<KktLookup> {
    this.lookedUp.push(id)
    await new Promise((resolve) => setImmediate(resolve))
    return this.onLookup(id)
  }

  lookupKey(key: IdempotencyKey): Promise<KktKeyLookup> {
    this.keysLookedUp.push(key)
    return this.onLookupKey(key)
  }

  documentsAfter(fdNumber: number): Promise<FnDocument[] | null> {
    return this.onDocumentsAfter(fdNumber)
  }

  reprint(id: ReceiptId): Promise<KktTask> {
    this.reprinted.push(id)
    return this.onReprint(id)
  }

  async renewShift(): Promise<KktTask> {
    this.shiftNumber += 1
    if (this.trouble === 'shift_expired') this.trouble = null
    return { kind: 'done' }
  }

  state: KktDriver['state'] = async () => ({
    kktNumber: 'KKT-001',
    fnNumber: '9999000000000001',
    shiftNumber: this.shiftNumber,
    lastFdNumber: lastFd(),
    trouble: this.trouble,
  })
  close = () => undefined
}
