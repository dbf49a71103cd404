import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../receipts/receipt.ts'
import type { Status } from '../receipts/state.ts'
import { accepted, fiscalDoc, journalAndDb, pending, statusOf, token } from '../testing/kit.ts'
import type { Journal } from './journal.ts'
import { claimBuffer, OthersBuffer } from './owner.ts'

const SELF = 'here|1|self'
/** Of another machine: nobody can tell from here whether it lives. */
const FAR = 'there|1|far'

const printing = ({ transitions }: Journal, id: ReceiptId) => transitions.markPrinting(id)
const printed = ({ transitions }: Journal, id: ReceiptId) => transitions.recordPrinted(id, fiscalDoc(1), 'printed')
const sending = ({ transitions }: Journal, id: ReceiptId) => transitions.markSyncing(id)

function setUp() {
  const { journal, db, clock } = journalAndDb({ clock: new TestClock() })
  const take = (name: string, holder: string) => journal.leases.take(name, holder, journal.leases.read(name))
  const giveBack = (name: string, holder: string) => journal.leases.release(name, holder)
  const claim = (kktId: string) => claimBuffer(db, { kktId, self: SELF })
  const leases = () => db.prepare<{ name: string; holder: string | null }>('SELECT name, holder FROM leases').all()

  function expectRefused(kktId: string, why: Partial<OthersBuffer>): void {
    const before = leases()
    let thrown: unknown
    try {
      claim(kktId)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(OthersBuffer)
    expect(thrown).toMatchObject({ wantedFor: kktId, ...why })
    expect(leases()).toEqual(before)
  }
  return { journal, db, clock, take, giveBack, claim, leases, expectRefused }
}

test('a new buffer is nobody’s, and stays so until a lease is taken', () => {
  const { claim, leases } = setUp()
  claim('KKT-1')
  expect(leases()).toEqual([])
})

test('under its own KKT_ID it stays as it is, whoever has the lease and whatever waits', async () => {
  const { journal, take, claim, leases } = setUp()
  take('KKT-1', FAR)
  await accepted(journal)
  claim('KKT-1')
  expect(leases()).toEqual([{ name: 'KKT-1', holder: FAR }])
})

test('invariant 6: given back with all delivered it becomes another’s, whose tokens go on from there', () => {
  const { clock, take, giveBack, claim, leases } = setUp()
  const first = take('KKT-1', FAR)?.token ?? 0
  giveBack('KKT-1', FAR)
  claim('KKT-2')
  expect(leases()).toEqual([{ name: 'KKT-2', holder: null }])
  clock.setWallBy(-3_600_000)
  expect(take('KKT-2', SELF)?.token).toBe(token(first + 1))
  expect(take('KKT-1', FAR)).toBeNull()
})

test('whoever has the lease keeps it, when nobody here can tell that he is gone', () => {
  const { take, expectRefused } = setUp()
  take('KKT-1', FAR)
  expectRefused('KKT-2', { kktId: 'KKT-1', unfinished: 0 })
})

test('who is certainly gone does not', () => {
  const { take, claim, leases } = setUp()
  take('KKT-1', 'here|1|before')
  claim('KKT-2')
  expect(leases()).toEqual([{ name: 'KKT-2', holder: null }])
})

/** The steps that bring an accepted receipt there. */
const UNFINISHED: Record<string, ((journal: Journal, id: ReceiptId) => void)[]> = {
  accepted: [],
  printing: [printing],
  unknown: [printing, ({ transitions }, id) => transitions.recordUnknown(id, 'timeout')],
  pending: [printing, printed],
  syncing: [printing, printed, sending],
  failed: [
    ...[printing, printed, sending],
    ({ transitions }, id) => transitions.deadLetter(id, 'refused_by_ofd', '422', false),
  ],
}

test.each(Object.entries(UNFINISHED))('a receipt that is %s keeps it', async (status, steps) => {
  const { journal, take, giveBack, expectRefused } = setUp()
  take('KKT-1', FAR)
  giveBack('KKT-1', FAR)
  const { id } = await accepted(journal)
  for (const step of steps) await journal.write(() => step(journal, id))
  expect(statusOf(journal, id)).toBe(status as Status)
  expectRefused('KKT-2', { kktId: 'KKT-1', unfinished: 1 })
})

test('one that is delivered, or refused by the KKT, does not', async () => {
  const { journal, take, giveBack, claim, leases } = setUp()
  take('KKT-1', FAR)
  giveBack('KKT-1', FAR)
  const delivered = await pending(journal)
  const refused = await accepted(journal)
  await journal.write(() => {
    sending(journal, delivered)
    journal.transitions.recordSynced(delivered, 'OFD-1')
    printing(journal, refused.id)
    journal.transitions.recordRefused(refused.id, 'the shift is over')
  })
  claim('KKT-2')
  expect(leases()).toEqual([{ name: 'KKT-2', holder: null }])
})

test('of several leases, which an older version allowed, the last one says whose it is, and the rest go', () => {
  const { clock, db, take, expectRefused, claim, leases } = setUp()
  take('KKT-1', FAR)
  clock.setWallBy(1000)
  const last = db.prepare("INSERT INTO leases (name, holder, epoch, beat, fence) VALUES ('KKT-2', ?, 1, 1, ?)")
  last.run(FAR, clock.wallMs())
  expectRefused('KKT-1', { kktId: 'KKT-2' })
  db.exec("UPDATE leases SET holder = NULL WHERE name = 'KKT-2'")
  claim('KKT-1')
  expect(leases()).toEqual([{ name: 'KKT-1', holder: null }])
})
