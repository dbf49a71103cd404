import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { createJournal } from '../journal/journal.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { accepted, journalAndDb, pending } from '../testing/kit.ts'
import { readStream } from '../testing/stream_reader.ts'
import { createEventFeed, type Start } from './event_feed.ts'

/** @param isByKind names events as the adapter does; otherwise all alike */
function build({ isByKind = false } = {}) {
  const { journal, db, clock } = journalAndDb()
  const starts: Start[] = []
  let beats = 0
  let shown = 0
  const feed = createEventFeed({
    journal,
    clock,
    show: ({ id, kind, receiptId, to }) => {
      shown += 1
      return { event: isByKind ? kind : 'told', id, data: { receiptId, to } }
    },
    beat: async () => {
      beats += 1
    },
  })
  const join = (lastEventId: number | null = null, names: readonly string[] | null = null) =>
    readStream(
      feed.answer(lastEventId, { names, ended: null, language: null }, (start, atId) => {
        starts.push(start)
        return [{ event: 'greeting', id: atId, data: {} }]
      }),
    )
  /** Another process on the buffer. */
  const other = createJournal(db, { clock, maxUndelivered: 10 })
  const ids = async (reader: ReturnType<typeof join>) => (await reader.events()).map(({ id }) => id)
  return { journal, db, clock, feed, join, other, starts, ids, beats: () => beats, shown: () => shown }
}

const note = (journal: ReturnType<typeof build>['other'], count = 1) =>
  journal.write((tx) => {
    for (let i = 0; i < count; i += 1) tx.recordEvent('odoo', null, 'x', null)
  })

test('a reader is told each commit, with no time passing, as the log has it', async () => {
  const { journal, join, ids } = build()
  await note(journal)
  const reader = join()
  expect(await ids(reader)).toEqual([1])
  const id = await pending(journal)
  const both = [await accepted(journal), await accepted(journal)].map((receipt) => receipt.id)
  await journal.write((tx) => tx.markPrinting(...both))
  await note(journal)
  const log = journal.events.after(1, 100)
  expect(await reader.events()).toEqual(
    log.map(({ id: number, receiptId, to }) => ({ event: 'told', id: number, data: { receiptId, to } })),
  )
  expect(log.filter(({ receiptId }) => receiptId === id)).toHaveLength(3)
})

test('events of another process come within a second, in order, and once', async () => {
  const { journal, other, clock, join, ids } = build()
  const reader = join()
  await note(other, 300)
  expect(await ids(reader)).toEqual([0])
  await clock.advance(1000)
  expect(await ids(reader)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  await note(other)
  await note(journal)
  expect(await ids(reader)).toEqual([301, 302])
  await clock.advance(1000)
  expect(await ids(reader)).toEqual([])
})

describe('a reader that names the last event that it got', () => {
  test('goes on behind it, and is told each event once, live ones included', async () => {
    const { journal, join, ids, starts } = build()
    await note(journal, 1000)
    const reader = join(250)
    await note(journal)
    expect(await ids(reader)).toEqual([250, ...Array.from({ length: 751 }, (_, i) => i + 251)])
    await note(journal)
    expect([await ids(reader), starts]).toEqual([[1002], [{ kind: 'resumed' }]])
  })

  test('also when another reader is further, or another process has written', async () => {
    const { journal, other, join, ids } = build()
    const first = join()
    await note(journal, 3)
    await note(other, 2)
    const second = join(1)
    expect(await ids(second)).toEqual([1, 2, 3, 4, 5])
    expect(await ids(first)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('is told each once, too, where the log has gaps', async () => {
    const { journal, db, other, clock, feed, ids } = build()
    await note(journal, 300)
    db.exec('DELETE FROM events WHERE id BETWEEN 251 AND 260')
    const answer = feed.answer(0, { names: null, ended: null, language: null }, () => [])
    await note(other, 3)
    const reader = readStream(answer)
    await settle()
    await clock.advance(1000)
    const told = [...Array.from({ length: 250 }, (_, i) => i + 1), ...Array.from({ length: 43 }, (_, i) => i + 261)]
    expect(await ids(reader)).toEqual(told)
  })

  test('is reset when it missed more than 10 000 events', async () => {
    const { journal, join, ids, starts } = build()
    await note(journal, 10_001)
    expect(await ids(join(0))).toEqual([10_001])
    await join(1).leave()
    expect(starts).toEqual([{ kind: 'reset', reason: 'too_far_behind' }, { kind: 'resumed' }])
  })

  test('is reset when events that it missed were removed, or its number is not of this log', async () => {
    const { journal, db, join, ids, starts } = build()
    await note(journal, 10)
    db.exec('DELETE FROM events WHERE id < 5')
    expect(await ids(join(3))).toEqual([10])
    expect(await ids(join(11))).toEqual([10])
    expect(await ids(join(4))).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(starts.map((start) => start.kind === 'reset' && start.reason)).toEqual([
      'events_removed',
      'no_such_event',
      false,
    ])
  })
})

test('without a reader a commit costs nothing, and no time is kept', async () => {
  const { journal, other, clock, join, beats } = build()
  const { after, lastId } = journal.events
  let reads = 0
  journal.events.after = (...args) => {
    reads += 1
    return after(...args)
  }
  journal.events.lastId = () => {
    reads += 1
    return lastId()
  }
  await note(other)
  await note(journal)
  await clock.advance(5000)
  expect([reads, beats(), clock.waiting]).toEqual([0, 0, 0])
  await join().leave()
  await note(other)
  await note(journal)
  await clock.advance(5000)
  expect([reads, beats(), clock.waiting]).toEqual([1, 0, 0])
})

test('a log that cannot be read is read again at the next look', async () => {
  const { journal, other, clock, join, ids, beats } = build()
  const reader = join()
  await note(other)
  const { after } = journal.events
  journal.events.after = () => {
    throw new StorageFailure('SQLITE_IOERR', {})
  }
  await clock.advance(500)
  expect([await ids(reader), beats()]).toEqual([[0], 1])
  journal.events.after = after
  await clock.advance(500)
  expect([await ids(reader), beats()]).toEqual([[1], 2])
})

describe('a reader that wants only events of some names', () => {
  test('is told those, live and missed ones', async () => {
    const { journal, join, ids } = build({ isByKind: true })
    await note(journal, 3)
    const none = join(1, ['greeting'])
    const reader = join(1, ['greeting', 'odoo'])
    await note(journal)
    expect([await ids(none), await ids(reader)]).toEqual([[3], [1, 2, 3, 4]])
  })

  test('makes a commit of other events cost nothing', async () => {
    const { journal, join, shown } = build({ isByKind: true })
    const reader = join(null, ['odoo'])
    await pending(journal)
    expect(shown()).toBe(0)
    await note(journal)
    expect(shown()).toBe(1)
    await reader.leave()
  })

  test('reads no log where it wants nothing of it', async () => {
    const { journal, join, ids, shown } = build({ isByKind: true })
    await note(journal, 1000)
    const reader = join(1, ['greeting', 'status'])
    expect([await ids(reader), shown()]).toEqual([[1000], 0])
  })
})
