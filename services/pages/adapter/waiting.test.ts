import { expect, test } from 'bun:test'
import { health, receipt, status } from './testing.ts'
import { whyWaiting } from './waiting.ts'
import type { Receipt } from './wire.ts'
import { en } from './words/en.ts'

type Known = Parameters<typeof whyWaiting>[0]

const why = (more: Partial<Receipt>, known: Partial<Known> = {}) =>
  whyWaiting({ receipt: receipt(more), status: status({ pending: 1 }), health: health(), ...known }, en)

const open = { state: 'OPEN', failure_count: 3, opened_at: null, next_probe_at: null } as const
const absent = { state: 'ABSENT', failure_count: 0, opened_at: null, next_probe_at: null } as const
const elsewhere = { held_by: 'another_host', fencing_token: null, hosts: 'elsewhere' } as const

test.each<[string, Partial<Receipt>, Partial<Known>, string | null]>([
  ['not handed to the KKT', { status: 'accepted' }, {}, en.waits.kkt],
  ['printing, and health is not known', { status: 'printing' }, { health: null }, en.waits.kkt],
  [
    'out of paper',
    { status: 'accepted' },
    { health: health({ kkt: { trouble: 'paper_out' } }) },
    'The KKT is out of paper. Put paper in. The receipts that lack paper are printed by themselves.',
  ],
  [
    'the KKT is silent',
    { status: 'printing' },
    { health: health({ kkt: { kkt_number: null } }) },
    'The KKT does not answer. Look at its power and its cable. Receipts are kept meanwhile.',
  ],
  ['the outcome at the KKT is unknown', { status: 'unknown' }, {}, en.waits.unknown],
  ['the OFD did not take it', { last_error: 'the OFD answered 503' }, {}, en.waits.failed('the OFD answered 503')],
  ['the breaker is open', {}, { status: status({ pending: 1, circuit_breaker: open }) }, en.waits.breaker],
  ['the KKT delivers by itself', {}, { status: status({ pending: 1, circuit_breaker: absent }) }, en.waits.byKkt],
  [
    'another host sends',
    {},
    { status: status({ pending: 1, sender_lease: elsewhere }) },
    en.waits.sender('another host sends'),
  ],
  ['an earlier receipt goes first', {}, { status: status({ pending: 2 }) }, en.waits.turn],
  ['its own turn', {}, {}, en.waits.soon],
  ['a dead letter', { status: 'failed', last_error: 'no' }, {}, en.waits.dead('no')],
  ['being sent', { status: 'syncing' }, {}, null],
  ['delivered', { status: 'synced' }, {}, null],
  ['refused by the KKT', { status: 'refused' }, {}, null],
  ['closed', { status: 'closed' }, {}, null],
])('%s', (_name, more, known, reason) => expect(why(more, known)).toBe(reason))
