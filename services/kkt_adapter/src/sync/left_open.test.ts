/** What is sent of a journal whose last process was killed: SQLite may have passed over its damaged end. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { createJournal } from '../journal/journal.ts'
import { pending, temporaryFile } from '../testing/kit.ts'
import { setUp } from '../testing/worker_kit.ts'

test.each([
  ['closed in order', false],
  ['left open', true],
])(
  'invariant 4: a pending receipt of a journal that was %s is sent (looked up before: %p)',
  async (_how, isLeftOpen) => {
    const path = temporaryFile('buffer.db')
    const clock = new TestClock()
    const open = () => createJournal(openDatabase(path), { clock, maxUndelivered: 10 })
    // Closed once in order, so that its first opening is not what counts.
    open().close()
    const earlier = open()
    const id = await pending(earlier)
    if (!isLeftOpen) earlier.close()
    const journal = open()
    expect(journal.wasLeftOpen).toBe(isLeftOpen)
    const { ofd, worker, at } = setUp({ clock, journal })
    await worker.runOnce()
    expect({ lookedUp: ofd.lookedUp, sent: ofd.sent, status: at(id) }).toEqual({
      lookedUp: isLeftOpen ? [id] : [],
      sent: [id],
      status: 'synced',
    })
  },
)
