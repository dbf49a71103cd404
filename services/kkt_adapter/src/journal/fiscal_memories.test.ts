import { describe, expect, test } from 'bun:test'
import { journalAndDb, pending } from '../testing/kit.ts'

const FN = '9999000000000001'
const DAY_MS = 24 * 60 * 60 * 1000

/** A journal with delivered receipts; `lastFd` is the last document. */
async function delivered(lastFd: number) {
  const parts = journalAndDb()
  const { journal } = parts
  await journal.write((tx) => tx.meetFn(FN, 0, false))
  const ids = [await pending(journal, 'A', lastFd - 1), await pending(journal, 'A', lastFd)]
  for (const id of ids) {
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.recordSynced(id, `OFD-${id}`)
    })
  }
  return parts
}

describe('what is known of an FN', () => {
  test('is nothing before it is met', () => {
    expect(journalAndDb().journal.fiscalMemories.knownThrough(FN)).toBeNull()
  })

  test('is its last recorded document, and what was found in it', async () => {
    const { journal } = await delivered(7)
    expect(journal.fiscalMemories.knownThrough(FN)).toBe(7)
    await journal.write((tx) => tx.meetFn(FN, 9, false))
    await journal.write((tx) => tx.meetFn(FN, 8, false))
    expect(journal.fiscalMemories.knownThrough(FN)).toBe(9)
    expect(journal.fiscalMemories.knownThrough('9999000000000002')).toBeNull()
  })

  test('is kept when the receipts that tell it are pruned', async () => {
    const { journal } = await delivered(7)
    await journal.write((tx) => tx.prune(Number.MAX_SAFE_INTEGER, 100))
    expect([journal.queries.counts().synced, journal.fiscalMemories.knownThrough(FN)]).toEqual([0, 7])
  })
})

describe('the KKT may know keys that the journal does not', () => {
  const setUp = async (isStrange: boolean) => {
    const parts = journalAndDb()
    await parts.clock.advance(30 * DAY_MS)
    await parts.journal.write((tx) => tx.meetFn(FN, 3, isStrange))
    return parts
  }

  test('only of an FN that was met with documents in it', async () => {
    expect((await setUp(false)).journal.fiscalMemories.mayKnowMore()).toBe(false)
    expect((await setUp(true)).journal.fiscalMemories.mayKnowMore()).toBe(true)
  })

  test('until keys from before that would have been pruned', async () => {
    const { journal, clock } = await setUp(true)
    const keptFrom = (keepMs: number) => journal.write((tx) => tx.moveKeptFrom(keepMs, Number.MAX_SAFE_INTEGER / 2))
    await keptFrom(7 * DAY_MS)
    await clock.advance(7 * DAY_MS)
    await keptFrom(7 * DAY_MS)
    expect(journal.fiscalMemories.mayKnowMore()).toBe(true)
    await clock.advance(1)
    await keptFrom(7 * DAY_MS)
    expect(journal.fiscalMemories.mayKnowMore()).toBe(false)
  })
})
