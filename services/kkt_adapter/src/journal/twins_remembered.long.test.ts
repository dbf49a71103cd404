import { expect, test } from 'bun:test'
import { content, freshKey, journalAndDb } from '../testing/kit.ts'

/** Half of the sales that are remembered. */
const BEHIND = 10_000

test('a twin is noticed with half as many sales behind it as are remembered', async () => {
  const { journal } = journalAndDb({ maxUndelivered: 2 * BEHIND, twinWindowMs: 60_000 })
  const sell = (totalKopecks: number) =>
    journal.write((tx) => tx.accept({ key: freshKey(), content: content('POS-001', totalKopecks) }))
  await journal.write((tx) => {
    for (let n = 1; n <= BEHIND + 1; n += 1) tx.accept({ key: freshKey(), content: content('POS-001', n) })
  })
  expect(await sell(1)).toMatchObject({ kind: 'accepted', isTwin: true })
})
