import { expect, test } from 'bun:test'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, fiscalDoc } from '../testing/kit.ts'
import { failOnce } from '../testing/verbs.ts'

const LONG_MS = 60_000
/** A start waits for no longer. */
const RECOVERY_MS = 3000

test('invariant 3: a receipt that a crash left printing is looked up before anything else is printed', async () => {
  const { journal, fiscalizer, kkt, at } = setUp()
  const crashed = await accepted(journal)
  const waiting = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(crashed.id))
  kkt.documents.set(crashed.id, fiscalDoc(1_000_001))
  await fiscalizer.recover()
  expect([at(crashed.id), at(waiting.id)]).toEqual(['pending', 'accepted'])
  expect(kkt.handed).toEqual([])
})

test('a KKT that is silent at the start does not keep the start waiting', async () => {
  const { journal, fiscalizer, kkt, at } = setUp()
  const { id } = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(id))
  kkt.onLookup = async () => ({ kind: 'unknown', reason: 'the KKT is gone' })
  await fiscalizer.recover()
  expect(at(id)).toBe('unknown')
})

test('invariant 3: a look-up that takes long keeps the start waiting for 3 seconds, and nothing is asked beside it', async () => {
  const { journal, fiscalizer, kkt, at, clock } = setUp()
  const { id } = await accepted(journal)
  const waiting = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(id))
  let underWay = true
  kkt.onLookup = async () => {
    await clock.wait(LONG_MS)
    underWay = false
    return { kind: 'absent', fnNumber: kkt.fnNumber }
  }
  kkt.onFiscalize = async (_id, make) => {
    expect(underWay).toBe(false)
    return { kind: 'done', doc: make(), paper: 'printed' }
  }
  const startedMs = clock.monotonicMs()
  const recovered = fiscalizer.recover().then(() => clock.monotonicMs())
  await clock.advance(RECOVERY_MS)
  expect(await recovered).toBe(startedMs + RECOVERY_MS)
  fiscalizer.start()
  await clock.advance(LONG_MS - RECOVERY_MS - 1)
  expect([at(id), at(waiting.id), kkt.lookedUp]).toEqual(['unknown', 'accepted', [id]])
  await clock.advance(LONG_MS)
  expect([at(id), at(waiting.id)]).toEqual(['pending', 'pending'])
  expect(kkt.lookedUp).toEqual([id])
  await fiscalizer.stop()
})

test('a document that could not be recorded is found when the journal can be written again', async () => {
  const { journal, fiscalizer, kkt, at, clock } = setUp()
  const { id } = await accepted(journal)
  failOnce(journal, 'recordPrinted')
  fiscalizer.start()
  await clock.advance(LONG_MS)
  expect(at(id)).toBe('pending')
  expect(kkt.handed).toEqual([id])
  await fiscalizer.stop()
})
