import { describe, expect, test } from 'bun:test'
import { NOBODY } from '../domain/actor.ts'
import type { TaskOutcome } from '../domain/kkt_outcome.ts'
import type { TaskWork } from '../domain/task.ts'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, freshKey, token } from '../testing/kit.ts'
import { acceptedTask, cash, closing, OPEN, X_REPORT } from '../testing/task_kit.ts'

const COPY = (receiptId: Extract<TaskWork, { kind: 'copy' }>['receiptId']): TaskWork => ({ kind: 'copy', receiptId })
const BUSY = { kind: 'refused', isLasting: false, reason: 'the KKT is busy' } as const
const LOST = { kind: 'unknown', reason: 'the reply got lost' } as const

async function asked(work: TaskWork = cash('cash_in', 500)) {
  const parts = setUp()
  const id = await acceptedTask(parts.journal, work, work.kind.startsWith('cash') ? freshKey() : null)
  return { ...parts, id, status: () => parts.journal.tasks.find(id)?.status }
}

/** The KKT does a task, and its reply is lost. */
const losingReplies = (perform: () => TaskOutcome): TaskOutcome => {
  perform()
  return LOST
}

describe('a task', () => {
  test('is journaled as asked before the KKT gets it, and with its result once it is done', async () => {
    const { journal, kkt, fiscalizer, id, status } = await asked(closing(1))
    const { onPerform } = kkt
    kkt.onPerform = (task, perform) => {
      expect([task.id, status()]).toEqual([id, 'asked'])
      expect(journal.tasks.nextUncertain()?.fnNumber).toBe(kkt.fnNumber)
      return onPerform(task, perform)
    }
    expect(await fiscalizer.runOnce()).toBe('worked')
    expect(journal.tasks.find(id)).toMatchObject({ status: 'done', result: { doc: { kind: 'shift_closing' } } })
    expect(await fiscalizer.runOnce()).toBe('idle')
  })

  test('is done in the order of acceptance among receipts', async () => {
    const { journal, kkt, fiscalizer } = setUp()
    const order: string[] = []
    const { onFiscalize, onPerform } = kkt
    kkt.onFiscalize = (id, make) => {
      order.push(id)
      return onFiscalize(id, make)
    }
    kkt.onPerform = (task, perform) => {
      order.push(task.id)
      return onPerform(task, perform)
    }
    const wanted: string[] = []
    for (const what of ['receipt', 'receipt', 'task', 'receipt', 'task', 'task', 'receipt'])
      wanted.push(what === 'task' ? await acceptedTask(journal) : (await accepted(journal)).id)
    for (let step = 0; step < 10; step++) await fiscalizer.runOnce()
    expect(order).toEqual(wanted)
  })

  test('waits behind a receipt whose outcome is unknown', async () => {
    const { journal, kkt, fiscalizer, at } = setUp()
    const receipt = await accepted(journal)
    const id = await acceptedTask(journal)
    kkt.onFiscalize = async () => LOST
    kkt.onLookup = async () => LOST
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect([at(receipt.id), journal.tasks.find(id)?.status, kkt.tasks]).toEqual(['unknown', 'accepted', []])
  })

  test('that the KKT refuses for good has ended, and the next one is done', async () => {
    const { journal, kkt, fiscalizer, id } = await asked(cash('cash_out', 500))
    kkt.drawerKopecks = 499
    const next = await acceptedTask(journal, cash('cash_out', 499))
    await fiscalizer.runOnce()
    await fiscalizer.runOnce()
    expect(journal.tasks.find(id)).toMatchObject({ status: 'refused', lastError: 'the drawer holds less' })
    expect(journal.tasks.find(next)).toMatchObject({ status: 'done', drawer: { kopecks: 0, countedBy: 'kkt' } })
  })

  test('that the KKT cannot do now waits until it can, and is not handed over meanwhile', async () => {
    const { kkt, fiscalizer, status } = await asked()
    const { onPerform } = kkt
    kkt.trouble = 'paper_out'
    kkt.onPerform = async () => BUSY
    for (let step = 0; step < 4; step++) expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([status(), kkt.tasks.length]).toEqual(['accepted', 1])
    kkt.trouble = null
    kkt.onPerform = onPerform
    await fiscalizer.runOnce()
    expect([status(), kkt.tasks.length]).toEqual(['done', 2])
  })

  test('is answered where a person has to mend the KKT first', async () => {
    const { kkt, fiscalizer, status } = await asked()
    kkt.trouble = 'fn_expired'
    kkt.onPerform = async () => BUSY
    await fiscalizer.runOnce()
    expect(status()).toBe('refused')
  })

  test('waits for a KKT that does not answer, and is not marked', async () => {
    const { journal, kkt, fiscalizer } = setUp()
    expect(await fiscalizer.runOnce()).toBe('idle')
    const id = await acceptedTask(journal)
    kkt.state = async () => null
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([journal.tasks.find(id)?.status, kkt.tasks]).toEqual(['accepted', []])
  })

  test.each([
    ['an opening of a shift that is open', OPEN],
    ['a closing of another shift', closing(7)],
  ] as const)('that is needless is refused without the KKT: %s', async (_what, work) => {
    const { kkt, fiscalizer, status } = await asked(work)
    await fiscalizer.runOnce()
    expect([status(), kkt.tasks]).toEqual(['refused', []])
  })
})

describe('invariant 14: every task of the KKT once', () => {
  test.each([
    ['closing', closing(1)],
    ['cash', cash('cash_in', 500)],
    ['X report', X_REPORT],
  ] as const)('a %s whose reply is lost is looked up, and not done again', async (_what, work) => {
    const { kkt, fiscalizer, id, status } = await asked(work)
    kkt.onPerform = async (_task, perform) => losingReplies(perform)
    await fiscalizer.runOnce()
    expect(status()).toBe('unknown')
    await fiscalizer.runOnce()
    expect([status(), kkt.tasks, kkt.tasksLookedUp]).toEqual(['done', [id], [id]])
  })

  test('one that a crash cut off is looked up by the next start, before any new work', async () => {
    const { journal, kkt, fiscalizer, id, status } = await asked(closing(1))
    await journal.write((tx) => tx.markAsked(id, kkt.fnNumber))
    const receipt = await accepted(journal)
    await fiscalizer.recover()
    expect([status(), kkt.tasksLookedUp, kkt.tasks, kkt.handed]).toEqual(['accepted', [id], [], []])
    await fiscalizer.runOnce()
    await fiscalizer.runOnce()
    expect([status(), kkt.handed]).toEqual(['done', [receipt.id]])
  })

  test('while the KKT cannot be asked for one, nothing else is done', async () => {
    const { journal, kkt, fiscalizer, status } = await asked()
    kkt.onPerform = async (_task, perform) => losingReplies(perform)
    await fiscalizer.runOnce()
    kkt.onLookupTask = async () => LOST
    await accepted(journal)
    await acceptedTask(journal)
    for (let step = 0; step < 3; step++) expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([status(), kkt.tasks.length, kkt.handed]).toEqual(['unknown', 1, []])
  })

  test.each([
    ['cash', cash('cash_in', 500), 'unclear'],
    ['a closing', closing(1), 'refused'],
    ['an X report', X_REPORT, 'refused'],
  ] as const)('%s that another FN knows nothing of is not done again', async (_what, work, wanted) => {
    const { kkt, fiscalizer, id, status, journal } = await asked(work)
    kkt.onPerform = async () => LOST
    await fiscalizer.runOnce()
    kkt.fnNumber = '9999000000000002'
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect([status(), kkt.tasks]).toEqual([wanted, [id]])
    expect(journal.tasks.find(id)?.lastError).toBe('the FN was replaced before the outcome was known')
  })

  test.each([
    ['cash', 'unclear'],
    ['X report', 'refused'],
    ['copy', 'refused'],
  ] as const)(
    'a %s of which the KKT cannot tell is left to a person, or asked for again by one',
    async (what, wanted) => {
      const parts = setUp()
      const { journal, kkt, fiscalizer } = parts
      const { id: receiptId } = await accepted(journal)
      await fiscalizer.runOnce()
      const work = what === 'cash' ? cash('cash_out', 5) : what === 'copy' ? COPY(receiptId) : X_REPORT
      const id = await acceptedTask(journal, work)
      kkt.onPerform = async () => LOST
      kkt.onLookupTask = async () => ({ kind: 'untellable', reason: 'it keeps no list' })
      for (let step = 0; step < 4; step++) await fiscalizer.runOnce()
      expect([journal.tasks.find(id)?.status, kkt.tasks]).toEqual([wanted, [id]])
    },
  )
})

describe('a KKT that has seen a newer token', () => {
  test('did nothing, so the task waits and is done with a newer one', async () => {
    const { kkt, fiscalizer, lease, status } = await asked()
    const { onPerform } = kkt
    kkt.onPerform = async () => ({ kind: 'outdated', newest: token(41), reason: 'another drives it' })
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([status(), lease.token()]).toEqual(['accepted', token(42)])
    kkt.onPerform = onPerform
    await fiscalizer.runOnce()
    expect(status()).toBe('done')
  })

  test('at a look-up, leaves the outcome unknown', async () => {
    const { kkt, fiscalizer, lease, status } = await asked()
    kkt.onPerform = async () => LOST
    await fiscalizer.runOnce()
    kkt.onLookupTask = async () => ({ kind: 'outdated', newest: token(41), reason: 'another drives it' })
    await fiscalizer.runOnce()
    expect([status(), lease.token()]).toEqual(['unknown', token(42)])
  })
})

describe('a shift that has expired', () => {
  async function expired() {
    const parts = setUp()
    const { onFiscalize } = parts.kkt
    parts.kkt.trouble = 'shift_expired'
    parts.kkt.shift = { kind: 'expired', number: 1, openedAtMs: 0, expiresAtMs: 1 }
    parts.kkt.onFiscalize = (id, make) =>
      parts.kkt.trouble === null ? onFiscalize(id, make) : Promise.resolve({ ...BUSY, reason: 'the shift is over' })
    return { ...parts, receipt: await accepted(parts.journal) }
  }

  test('is closed by a task of nobody before the receipts that wait', async () => {
    const { journal, fiscalizer, receipt, at } = await expired()
    for (let step = 0; step < 4; step++) await fiscalizer.runOnce()
    expect(at(receipt.id)).toBe('pending')
    const { items } = journal.tasks.list({ status: null, kind: null }, null, 10)
    expect(items).toMatchObject([{ work: { kind: 'close_shift', shiftNumber: 1, cashier: null }, status: 'done' }])
    expect(journal.events.list({ receiptId: null, kind: 'task' }, null, 9).items.at(-1)).toMatchObject({ who: null })
  })

  test('invariant 14: is closed by the closing that somebody has asked for, though it stands behind the receipts', async () => {
    const { journal, fiscalizer, kkt, receipt, at } = await expired()
    const id = await acceptedTask(journal, closing(1), null)
    for (let step = 0; step < 4; step++) await fiscalizer.runOnce()
    expect([at(receipt.id), kkt.tasks]).toEqual(['pending', [id]])
  })
})

test('a task that finds another FN in the KKT waits until contact with that is made', async () => {
  const { journal, kkt, fiscalizer, status } = await asked()
  await fiscalizer.runOnce()
  const id = await acceptedTask(journal)
  kkt.fnNumber = '9999000000000002'
  await fiscalizer.runOnce()
  expect([status(), journal.tasks.find(id)?.status, journal.fiscalMemories.knownThrough(kkt.fnNumber)]).toEqual([
    'done',
    'accepted',
    null,
  ])
  await fiscalizer.runOnce()
  expect(journal.fiscalMemories.knownThrough(kkt.fnNumber)).not.toBeNull()
  expect(journal.tasks.find(id)?.status).toBe('done')
})

describe('the closing of a shift whose 24 hours are nearly over', () => {
  const urgent = ({ journal }: ReturnType<typeof setUp>) =>
    journal.write((tx) => tx.acceptTask({ work: closing(1), key: null, isUrgent: true }, NOBODY))

  /** A receipt waits for paper, and a person has asked for a task since. */
  async function withoutPaper() {
    const parts = setUp()
    const { journal, kkt, fiscalizer } = parts
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    kkt.onReprint = async () => ({ kind: 'refused', isLasting: false, reason: 'the KKT has no paper' })
    await accepted(journal)
    await fiscalizer.runOnce()
    return parts
  }

  test('waits for no paper', async () => {
    const parts = await withoutPaper()
    await urgent(parts)
    await parts.fiscalizer.runOnce()
    expect(parts.kkt.shift.kind).toBe('closed')
  })

  test('is urgent too where a person has asked for it before', async () => {
    const parts = await withoutPaper()
    const id = await acceptedTask(parts.journal, closing(1), null)
    await parts.fiscalizer.runOnce()
    expect(parts.kkt.tasks).toEqual([])
    expect(await urgent(parts)).toMatchObject({ kind: 'joined', task: { id } })
    await parts.fiscalizer.runOnce()
    expect(parts.kkt.tasks).toEqual([id])
  })

  test('comes before receipts and tasks that were accepted earlier', async () => {
    const parts = setUp()
    const { journal, kkt, fiscalizer } = parts
    await accepted(journal)
    await acceptedTask(journal)
    await urgent(parts)
    expect(journal.queries.hasAccepted()).toBe(false)
    await fiscalizer.runOnce()
    expect([kkt.handed, kkt.shift.kind]).toEqual([[], 'closed'])
  })
})
