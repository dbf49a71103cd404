/** Two adapters on one device: of two tokens, the device serves the newer. */
import { describe, expect, test } from 'bun:test'
import { MAX_TOKEN } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { KktDriver } from '@kkt/adapter/src/kkt/driver.ts'
import {
  closing,
  FIRST_FD,
  handOne,
  nextId,
  sale,
  setUp,
  setUpInFile,
  token,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'

const [OLD, NEW] = [token(3), token(4)]
const REASON = 'another process drives the KKT'

describe('once a newer token was seen in', () => {
  test.each<[string, (kkt: KktDriver) => Promise<unknown>]>([
    ['a fiscalisation', (kkt) => handOne(kkt, sale(nextId()), NEW)],
    ['a look-up', (kkt) => kkt.lookup(nextId(), NEW)],
    ['a reprint', (kkt) => kkt.reprint(nextId(), NEW)],
    ['a task', (kkt) => kkt.perform(closing(1), NEW)],
    ["a task's look-up", (kkt) => kkt.lookupTask(closing(1), NEW)],
  ])('%s, an older one gets nothing done', async (_what, see) => {
    const { clock, fds, kkt, open } = setUpInFile()
    const [older, newer] = [kkt(), open()]
    const id = nextId()
    const first = handOne(older, sale(id), OLD)
    await clock.advance(0)
    expect(await first).toMatchObject({ kind: 'done' })

    const seen = see(newer)
    await clock.advance(0)
    await seen
    const [fdsThen, stateThen] = [fds(), await older.state()]
    const outdated = { kind: 'outdated' as const, newest: NEW, reason: REASON }
    expect(await handOne(older, sale(nextId()), OLD)).toEqual(outdated)
    expect(await older.lookup(id, OLD)).toEqual(outdated)
    expect(await older.reprint(id, OLD)).toEqual(outdated)
    expect(await older.perform(closing(1), OLD)).toEqual(outdated)
    expect(await older.lookupTask(closing(1), OLD)).toEqual(outdated)
    expect(fds()).toEqual(fdsThen)
    expect(await older.state()).toEqual(stateThen)

    expect(await newer.lookup(id, NEW)).toMatchObject({ kind: 'found' })
  })
})

test('invariant 3: what a look-up under a newer token called absent, a paused older holder cannot have made', async () => {
  const { clock, fds, kkt, open } = setUpInFile()
  const [paused, successor] = [kkt(), open()]
  await paused.lookup(nextId(), OLD)
  const id = nextId()
  expect(await successor.lookup(id, NEW)).toMatchObject({ kind: 'absent' })
  expect(await handOne(paused, sale(id), OLD)).toMatchObject({ kind: 'outdated' })
  const made = handOne(successor, sale(id), NEW)
  await clock.advance(0)
  expect(await made).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD } })
  expect(fds()).toEqual([FIRST_FD])
})

test('the newest token survives reopening', async () => {
  const { kkt, reopen } = setUpInFile()
  await kkt().lookup(nextId(), NEW)
  reopen()
  expect(await handOne(kkt(), sale(nextId()), OLD)).toMatchObject({ kind: 'outdated', reason: REASON })
})

test('a look-up whose reply gets lost keeps an older holder out all the same', async () => {
  const { kkt } = setUp()
  kkt().faults.configure({ lookup_lost: 1 })
  expect(await kkt().lookup(nextId(), NEW)).toMatchObject({ kind: 'unknown' })
  expect(await handOne(kkt(), sale(nextId()), OLD)).toMatchObject({ kind: 'outdated', reason: REASON })
})

test('an older holder uses up no faults, and a KKT that is gone sees no tokens', async () => {
  const { kkt } = setUp()
  await kkt().lookup(nextId(), OLD)
  kkt().faults.configure({ gone: true })
  expect(await kkt().lookup(nextId(), NEW)).toMatchObject({ kind: 'unknown' })
  kkt().faults.configure({ gone: false, lookup_lost: 1 })
  expect(await kkt().lookup(nextId(), token(2))).toEqual({ kind: 'outdated', newest: OLD, reason: REASON })
  expect(await kkt().lookup(nextId(), OLD)).toMatchObject({ kind: 'unknown', reason: 'the reply of the KKT got lost' })
  expect(await kkt().lookup(nextId(), OLD)).toMatchObject({ kind: 'absent' })
})

test('a token that no adapter gives, which an older version has handed to it, keeps nobody out', async () => {
  const { kkt, reopen } = setUpInFile()
  for (const tooGreat of [MAX_TOKEN + 1, 2 ** 53]) {
    await kkt().lookup(nextId(), token(tooGreat))
    reopen()
    expect(await kkt().lookup(nextId(), NEW)).toMatchObject({ kind: 'absent' })
    expect(await kkt().lookup(nextId(), OLD)).toMatchObject({ kind: 'outdated', newest: NEW })
  }
})
