/** Whose a key is, with tokens, without them, and where they were turned on or off in between. */
import { describe, expect, test } from 'bun:test'
import { type Actor, NOBODY } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import { content, freshKey, journalAndDb } from '../testing/kit.ts'
import type { Journal } from './journal.ts'

const FIRST: Actor = { owner: 'till-1', who: 'till-1 192.168.0.7' }
const SECOND: Actor = { owner: 'till-2', who: 'till-2 192.168.0.8' }

async function sell(journal: Journal, by: Actor, key = freshKey(), posId = 'POS-001') {
  const intake = await journal.write((tx) => tx.accept({ key, content: content(posId) }, by))
  return { key, kind: intake.kind, id: 'receipt' in intake ? intake.receipt.id : null, intake }
}

const knows = (journal: Journal, key: IdempotencyKey, by = NOBODY) =>
  journal.intake.isKnown({ key, content: content() }, by)

describe('invariant 2: a key with its owner is one receipt', () => {
  test('two owners have a receipt each under one key, and each finds its own', async () => {
    const { journal } = journalAndDb()
    const { key, id } = await sell(journal, FIRST)
    const second = await sell(journal, SECOND, key)
    expect(second).toMatchObject({ kind: 'accepted', id: expect.not.stringContaining(id ?? '') })
    expect(await sell(journal, FIRST, key)).toMatchObject({ kind: 'known', id })
    expect(await sell(journal, SECOND, key)).toMatchObject({ kind: 'known', id: second.id })
    expect([FIRST, SECOND, { owner: 'till-3', who: null }].map((by) => knows(journal, key, by))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('a key from before there were tokens counts for every owner', async () => {
    const { journal } = journalAndDb()
    const { key, id } = await sell(journal, NOBODY)
    for (const by of [FIRST, SECOND]) {
      expect(await sell(journal, by, key)).toMatchObject({ kind: 'known', id })
      expect<unknown>((await sell(journal, by, key, 'POS-002')).intake).toEqual({
        kind: 'key_reused',
        receiptId: id,
        posId: 'POS-001',
      })
    }
    expect(knows(journal, key, FIRST)).toBe(true)
    expect(journal.queries.counts().accepted).toBe(1)
  })

  test('without tokens a key of any owner counts', async () => {
    const { journal } = journalAndDb()
    const { key, id } = await sell(journal, FIRST)
    expect(knows(journal, key)).toBe(true)
    expect(await sell(journal, NOBODY, key)).toMatchObject({ kind: 'known', id })
    expect((await sell(journal, NOBODY, key, 'POS-002')).kind).toBe('key_reused')
    expect((await sell(journal, NOBODY)).kind).toBe('accepted')
    expect(knows(journal, freshKey())).toBe(false)
  })

  test('of several owners of one key the one with this body counts without tokens', async () => {
    const { journal } = journalAndDb()
    const { key, id } = await sell(journal, FIRST, freshKey(), 'POS-001')
    const second = await sell(journal, SECOND, key, 'POS-002')
    expect(await sell(journal, NOBODY, key, 'POS-001')).toMatchObject({ kind: 'known', id })
    expect(await sell(journal, NOBODY, key, 'POS-002')).toMatchObject({ kind: 'known', id: second.id })
    expect((await sell(journal, NOBODY, key, 'POS-003')).kind).toBe('key_reused')
  })

  test('the KKT gets the key with its owner, and the view shows them apart', async () => {
    const { db, journal } = journalAndDb()
    const { key } = await sell(journal, FIRST)
    const nobodys = await sell(journal, NOBODY)
    expect(journal.queries.nextAccepted(2).map((one) => String(one.key))).toEqual([`till-1 ${key}`, nobodys.key])
    expect(db.prepare<unknown>('SELECT key_owner, idempotency_key FROM receipts ORDER BY seq').all()).toEqual([
      { key_owner: 'till-1', idempotency_key: key },
      { key_owner: null, idempotency_key: nobodys.key },
    ])
    expect(journal.intake.keyOwners()).toEqual(['till-1'])
  })
})

describe('the audit log says who', () => {
  const whoOf = ({ events }: Journal) =>
    events.list({ receiptId: null, kind: null }, null, 10).items.map(({ to, who }) => [to, who])

  test('sold, and moves of the same kind by other clients in one commit stay apart', async () => {
    const { db, journal } = journalAndDb()
    await Promise.all([sell(journal, FIRST), sell(journal, SECOND), sell(journal, FIRST), sell(journal, NOBODY)])
    expect(whoOf(journal).toSorted()).toEqual([
      ['accepted', null],
      ['accepted', FIRST.who],
      ['accepted', FIRST.who],
      ['accepted', SECOND.who],
    ])
    expect(db.prepare('SELECT id FROM events').all()).toHaveLength(3)
    expect(db.prepare('SELECT who FROM receipt_events WHERE who = ?').all(FIRST.who)).toHaveLength(2)
  })

  test('had the adapter do something that is about no receipt', async () => {
    const { journal } = journalAndDb()
    await journal.write((tx) => tx.recordCommand('test_control', 'POST /v1/kkt/_test/reset', 'office ::1'))
    expect(journal.events.list({ receiptId: null, kind: 'command' }, null, 10).items).toMatchObject([
      { receiptId: null, from: null, to: 'test_control', detail: 'POST /v1/kkt/_test/reset', who: 'office ::1' },
    ])
  })
})
