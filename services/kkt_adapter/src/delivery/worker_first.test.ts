/** First delivery from a journal with receipts: it may be an old copy, or its WAL may have lost its end. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { createJournal } from '../journal/journal.ts'
import { pending, temporaryFile } from '../testing/kit.ts'
import { setUp } from '../testing/worker_kit.ts'

test.each([
  ['closed in order', 'close'],
  ['left open', 'leave'],
] as const)(
  'invariant 4: what was pending in a journal that was %s is looked up before it is sent',
  async (_how, end) => {
    const path = temporaryFile('buffer.db')
    const clock = new TestClock()
    const open = () => createJournal(openDatabase(path), { clock, maxUndelivered: 10 })
    const earlier = open()
    const old = await pending(earlier)
    if (end === 'close') earlier.close()
    const journal = open()
    const { ofd, worker } = setUp({ clock, journal })
    await worker.runOnce()
    expect({ lookedUp: ofd.lookedUp, sent: ofd.sent }).toEqual({ lookedUp: [old], sent: [old] })
    const fresh = await pending(journal)
    await worker.runOnce()
    expect({ lookedUp: ofd.lookedUp, sent: ofd.sent }).toEqual({ lookedUp: [old], sent: [old, fresh] })
  },
)

test('invariant 4: and is so where this process gets the right to send before it has looked', async () => {
  const path = temporaryFile('buffer.db')
  const clock = new TestClock()
  const open = () => createJournal(openDatabase(path), { clock, maxUndelivered: 10 })
  const old = await pending(open())
  const { ofd, worker } = setUp({ clock, journal: open() })
  worker.takeOver()
  await worker.runOnce()
  expect({ lookedUp: ofd.lookedUp, sent: ofd.sent }).toEqual({ lookedUp: [old], sent: [old] })
})
