import { expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@kkt/platform/testing.ts'
import type { Outcome } from './outcome.ts'
import { EVERY_POINT, planKills } from './plan.ts'
import { failures, keepEvidence, table } from './report.ts'

/** A run in which all went well. */
const outcome = (given: Partial<Outcome> = {}): Outcome => ({
  ended: planKills(EVERY_POINT, seededRandom(1)).map((kill) => ({ kill, how: 'reached' as const })),
  troubles: [],
  refusals: [],
  damages: { wal_flipped: 0, wal_lost: 0, moved_away: 0 },
  register: null,
  slowestStartMs: 200,
  slowestMoveMs: 600,
  history: {
    sales: [],
    journal: [],
    fn: [],
    ledger: [],
    deadLetters: [],
    tillsFiles: [],
    poisoned: [],
    isLossy: false,
  },
  violations: [],
  afterwards: { putRight: 0, refunded: 0, refused: 0 },
  ...given,
})

const [last, ...others] = outcome().ended.toReversed()
if (!last) throw new Error('There is no kill')

test('a run in which all went well has no failures', () => expect(failures(outcome())).toEqual([]))

test.each<[string, Partial<Outcome>, string]>([
  ['a violation', { violations: [{ kind: 'lost', receiptId: 'it', what: 'gone' }] }, 'lost: receipt it gone'],
  ['one of no receipt', { violations: [{ kind: 'gap', receiptId: null, what: 'FD 2' }] }, 'gap: FD 2'],
  ['trouble', { troubles: ['life 3: ended by itself with 1'] }, 'life 3: ended by itself with 1'],
  ['a point that was missed', { ended: [...others, { ...last, how: 'missed' }] }, `never reached: ${last.kill.at}`],
])('a failure is %s', (_what, given, line) => expect(failures(outcome(given))).toEqual([line]))

test('a run that is too short for all points need not reach them all', () => {
  expect(failures(outcome({ ended: others }))).toEqual([])
})

test('the table counts kills by point, and violations by kind', () => {
  const instants = others.map(({ kill }) => ({ kill: { ...kill, at: null }, how: 'at an instant' as const }))
  const violations = [1, 2].map((n) => ({ kind: 'doubled' as const, receiptId: String(n), what: 'twice' }))
  const shown = table(outcome({ ended: [last, ...instants], violations }))
  expect(shown).toMatch(new RegExp(`^ {2}at a random instant +${EVERY_POINT - 1}$`, 'm'))
  expect(shown).toMatch(new RegExp(`^ {2}all +${EVERY_POINT}$`, 'm'))
  expect(shown).toMatch(/^ {2}doubled +2$/m)
  expect(shown.match(/ 1\b/g)).toHaveLength(1)
})

test('the evidence is kept beside the databases and the logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'))
  const violations = [{ kind: 'lost' as const, receiptId: 'it', what: 'gone' }]
  keepEvidence(folder, outcome({ violations }))
  expect(readdirSync(folder).sort()).toEqual(['answers.json', 'ledger.json', 'violations.json'])
  expect(JSON.parse(readFileSync(join(folder, 'violations.json'), 'utf8'))).toEqual(violations)
  rmSync(folder, { recursive: true })
})
