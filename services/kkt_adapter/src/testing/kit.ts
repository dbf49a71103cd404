/** Shared by the adapter's unit tests: a journal in memory, and an OFD that the test controls. */
import { onTestFinished } from 'bun:test'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '@kkt/platform/logger.ts'
import { newFolder, TestClock } from '@kkt/platform/testing.ts'
import type { ConnectionLost, OfdClient, OfdLookup, OfdOutcome } from '../delivery/ofd_client.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalDoc, IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { DeliveryWay } from '../domain/state.ts'
import type { Gathering } from '../journal/group_commit.ts'
import { createJournal, type Journal } from '../journal/journal.ts'
import type { JournalLease } from '../lease/journal_lease.ts'
import { LeaseLost } from '../lease/lease.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import { journalDatabase } from './memory_database.ts'

export const quiet = createLogger('test', 'error', () => undefined)

export function memoryJournal(clock = new TestClock(), maxUndelivered = 1000): Journal {
  return journalAndDb({ clock, maxUndelivered }).journal
}

const HTTP: DeliveryWay = 'http'

/** A journal with the database under it, for tests that look at the rows. */
export function journalAndDb({ clock = new TestClock(), maxUndelivered = 1000, way = HTTP, twinWindowMs = 0 } = {}) {
  const db = journalDatabase()
  return { db, clock, journal: { ...createJournal(db, { clock, maxUndelivered, way, twinWindowMs }), isNew: true } }
}

/** For commits whose works leave nothing to write at their end. */
export const NOTHING_GATHERED: Gathering = { forget: () => undefined, writeOut: () => [] }

/** The path of a file in a folder of its own, which is removed after the test. */
export function temporaryFile(name: string): string {
  const folder = newFolder('kkt')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, name)
}

export const content = (posId = 'POS-001', totalKopecks = 10_000): ReceiptContent => ({
  posId,
  type: 'sale',
  items: [{ name: 'Frame', priceKopecks: totalKopecks, quantityMicro: 1_000_000, totalKopecks, vat: 'vat22' }],
  payments: [{ type: 'cash', amountKopecks: totalKopecks }],
  totalKopecks,
})

let keys = 0
export const freshKey = (): IdempotencyKey => `key-${++keys}` as IdempotencyKey

export async function accepted(journal: Journal, posId = 'POS-001'): Promise<Receipt> {
  const body = content(posId)
  const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: body }))
  if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
  return intake.receipt
}

/** Journals one receipt and takes it to `pending`, as the KKT's next document. */
export async function pending(journal: Journal, posId = 'POS-001', fdNumber = nextFd()): Promise<ReceiptId> {
  const { id } = await accepted(journal, posId)
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, fiscalDoc(fdNumber), 'printed')
  })
  return id
}

let fds = 0
export const nextFd = () => ++fds
/** The last one given. */
export const lastFd = () => fds

export const fiscalDoc = (fdNumber: number): FiscalDoc => ({
  fdNumber,
  fiscalSign: '0123456789',
  fiscalDatetime: '2026-01-31T12:00:00Z',
  fnNumber: '9999000000000001',
  kktNumber: 'KKT-001',
  shiftNumber: 1,
  receiptNumber: fdNumber,
  totalKopecks: 10_000,
  qrCodeData: 't=20260131T1200&s=100.00&fn=9999000000000001&i=1&fp=0123456789&n=1',
})

export const statusOf = (journal: Journal, id: ReceiptId) => journal.queries.find(id)?.status

export const token = (value: number) => value as FencingToken

/** A lease that the test controls. `since`: the token at its last take-over. `refused`: tokens outdated at the OFD. */
export type TestLease = SenderLease &
  Pick<JournalLease, 'raise'> & {
    isHeld: boolean
    now: FencingToken
    since: FencingToken
    readonly refused: FencingToken[]
  }

export function testLease(journal: Journal): TestLease {
  const held = (lease: TestLease, since: FencingToken): Journal => {
    if (!lease.isHeld || since < lease.since) throw new LeaseLost()
    return journal
  }
  return {
    isHeld: true,
    now: token(1),
    since: token(1),
    refused: [],
    token(since) {
      return this.isHeld && (since === undefined || since >= this.since) ? this.now : null
    },
    async write(work, since) {
      return await held(this, since).write(work)
    },
    async takeUp(work, since) {
      return await held(this, since).takeUp(work)
    },
    async raise(floor) {
      if (!this.isHeld) throw new LeaseLost()
      this.now = token(Math.max(this.now + 1, floor))
    },
    hostState: 'off',
    outdated(stale) {
      this.refused.push(stale)
    },
    turn: async () => undefined,
    holdFor: () => undefined,
    onTaken: () => undefined,
    start: () => undefined,
    nudge: () => undefined,
    release: async () => undefined,
  }
}

export const HELD_HERE: LeaseState = { heldBy: 'this_process', epoch: 1, fencingToken: 1, hosts: 'off' }

/** An OFD that takes every receipt and remembers it, unless a test says otherwise. */
export class TestOfd implements OfdClient {
  origin = 'http://ofd.test'
  /** Every receipt that was sent, in order, repetitions included. */
  readonly sent: ReceiptId[] = []
  readonly lookedUp: ReceiptId[] = []
  readonly ledger = new Set<ReceiptId>()
  onDeliver: (receipt: Receipt, take: () => OfdOutcome) => Promise<OfdOutcome | ConnectionLost> = async (_, take) =>
    take()
  onLookup: (id: ReceiptId) => Promise<OfdLookup> = async (id) =>
    this.ledger.has(id) ? { kind: 'found', ofdId: `OFD-${id}`, atMs: null } : { kind: 'absent' }

  readonly tokens: FencingToken[] = []
  readonly lookupTokens: FencingToken[] = []

  deliver(receipt: Receipt, fencingToken: FencingToken): Promise<OfdOutcome | ConnectionLost> {
    this.sent.push(receipt.id)
    this.tokens.push(fencingToken)
    return this.onDeliver(receipt, () => {
      this.ledger.add(receipt.id)
      return { kind: 'done', ofdId: `OFD-${receipt.id}`, atMs: null, isNamed: true }
    })
  }

  lookup({ id }: Receipt, fencingToken: FencingToken): Promise<OfdLookup> {
    this.lookedUp.push(id)
    this.lookupTokens.push(fencingToken)
    return this.onLookup(id)
  }

  abort = () => undefined
}
