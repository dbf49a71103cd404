/**
 * Every combination of what a receipt may be, as the driver emits it, held against the schema of tasks. Each is emitted, or is one
 * that the FFD of the registration has no form for.
 */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { AGENT_TYPES } from '../../../services/kkt_adapter/src/domain/agent.ts'
import { FFD_VERSIONS, type FfdVersion } from '../../../services/kkt_adapter/src/domain/ffd.ts'
import { PAYMENT_METHODS, PAYMENT_OBJECTS } from '../../../services/kkt_adapter/src/domain/item.ts'
import { MARKING_STATUSES } from '../../../services/kkt_adapter/src/domain/marking.ts'
import { OPERATIONS } from '../../../services/kkt_adapter/src/domain/operation.ts'
import { PAYMENT_TYPES } from '../../../services/kkt_adapter/src/domain/payment.ts'
import { TAXATION_SYSTEMS } from '../../../services/kkt_adapter/src/domain/taxation.ts'
import { VATS } from '../../../services/kkt_adapter/src/domain/vat.ts'
import { receiptBody } from '../../../services/kkt_adapter/src/http/receipt_schema.ts'
import { refusalBy } from '../../../services/kkt_adapter/src/kkt/atol/capabilities.ts'
import { taskOfReceipt } from '../../../services/kkt_adapter/src/kkt/atol/task_of_receipt.ts'
import { ID, registered } from '../../../services/kkt_adapter/src/testing/atol_answers.ts'
import { item, receipt } from '../../../services/kkt_adapter/src/testing/receipt_bodies.ts'
import { driverRequest } from './tasks.ts'
import {
  AGENTS,
  CORRECTIONS as CORRECTION_WORDS,
  namesOf,
  OPERATIONS as OPERATION_WORDS,
  PAYMENTS,
  TAXATIONS,
  VATS as VAT_WORDS,
} from './words.ts'

setDefaultTimeout(120_000)

const UUID = 'a3f0c2d4-6d1b-4e57-9b0a-3c5d7e9f1b2d'
const CASHIER = { name: 'Иванова А. А.', inn: '500100732259' }
const CODE = Buffer.from('010460043993125621JgXJ5.T\u001d930001').toString('base64')
const NONE = null
const CORRECTIONS = [
  NONE,
  { type: 'self', date: '2026-01-02' },
  { type: 'instruction', date: '2026-01-02', number: '12/7' },
] as const
const draw = seededRandom()
/** All, or one of them: driver_tasks.long.test.ts has each by itself. */
const some = <T>(all: readonly T[]): readonly T[] => (LONG ? all : all.slice(0, 1).map((first) => pick(all, first)))
const pick = <T>(all: readonly T[], first: T): T => all[draw(all.length)] ?? first
const AGENTS_OR_NONE = [NONE, ...some(AGENT_TYPES)]
const METHODS = some(PAYMENT_METHODS)
/** Nobody takes a marked good out of circulation by buying it. */
const isMarkable = (type: string) => type === 'sale' || type === 'refund'
const MARKS_OR_NONE = [NONE, ...MARKING_STATUSES] as const

/** A KKT that is registered for everything. */
const KKTS = new Map(
  FFD_VERSIONS.map((ffdVersion) => {
    const everything = { excise: true, gambling: true, lottery: true, marking: true, internet: true }
    const all = { agents: [...AGENTS], taxationTypes: namesOf(TAXATIONS) }
    return [ffdVersion, registered(all, everything, { ffdVersion })]
  }),
)

type Body = { ffd: FfdVersion; ofItem: object; ofReceipt: object }
type Emitted = { kind: 'emitted'; task: Task } | { kind: 'refused'; pointer: string }
type Task = ReturnType<typeof taskOfReceipt>

function emit({ ffd, ofItem, ofReceipt }: Body): Emitted {
  const kkt = KKTS.get(ffd)
  if (kkt === undefined) throw new Error(`There is no KKT of FFD ${ffd}`)
  const body = receipt([item({ vat_rate: undefined, vat: 'vat22', ...ofItem })], { cashier: CASHIER, ...ofReceipt })
  const content = receiptBody.parse(body)
  const refusal = refusalBy(kkt, content)
  if (refusal !== null) return { kind: 'refused', pointer: refusal.pointer }
  return { kind: 'emitted', task: taskOfReceipt(ID, content, { registered: kkt, signOf: () => '3449555941' }) }
}

/** FFD 1.2 brought these. */
const OF_12 = ['measurementUnit', 'imcParams', 'industryInfo'] as const

/** @returns what the schema finds. Before FFD 1.2 a position has none of its fields, and its measure is a text of the shop's own */
function problemsOf(task: Task, ffd: FfdVersion): string[] {
  const told = ffd === '1.2' ? [] : OF_12.filter((field) => JSON.stringify(task).includes(`"${field}"`))
  const items = task.items.map((one) => (ffd !== '1.2' && 'price' in one ? { ...one, measurementUnit: 'piece' } : one))
  const wire: unknown = JSON.parse(JSON.stringify({ uuid: UUID, request: [{ ...task, items }] }))
  const issues = driverRequest.safeParse(wire).error?.issues ?? []
  return [...told.map((field) => `FFD ${ffd} has no ${field}`), ...issues.map((issue) => JSON.stringify(issue))]
}

/** All of one with all of the other. */
const pairs = <A, B>(some: readonly A[], others: readonly B[]): [A, B][] =>
  some.flatMap((one) => others.map((other): [A, B] => [one, other]))

type Tally = { emitted: number; refused: Set<string>; problems: Set<string>; words: Map<string, Set<string>> }

function tallyOf(bodies: readonly Body[]): Tally {
  const tally: Tally = { emitted: 0, refused: new Set(), problems: new Set(), words: new Map() }
  const note = (field: string, word: string) => tally.words.set(field, (tally.words.get(field) ?? new Set()).add(word))
  for (const body of bodies) {
    const told = emit(body)
    if (told.kind === 'refused') {
      tally.refused.add(`${told.pointer} of FFD ${body.ffd}`)
      continue
    }
    const { task } = told
    tally.emitted += 1
    for (const problem of problemsOf(task, body.ffd)) tally.problems.add(`${JSON.stringify(body)}: ${problem}`)
    note('operation', task.type)
    note('taxation', task.taxationType ?? 'none')
    for (const { type } of task.payments) note('payment', type)
    for (const one of task.items) if ('tax' in one) note('vat', one.tax.type)
  }
  return tally
}

const sorted = (words: Iterable<string> | undefined) => [...(words ?? [])].toSorted()

const ofFormats = pairs(FFD_VERSIONS, OPERATIONS)
/** The fields of a receipt of an operation, with its correction where it is one. */
const formOf = (type: string, correction: (typeof CORRECTIONS)[number]) =>
  correction === NONE ? { type } : { type, correction }

test(`operation × correction × VAT × payment × agent × FFD (SEED=${SEED})`, () => {
  const all = pairs(ofFormats, pairs(pairs(CORRECTIONS, VATS), pairs(PAYMENT_TYPES, AGENTS_OR_NONE)))
  const bodies = all.map(([[ffd, type], [[correction, vat], [payment, agent]]]) => ({
    ffd,
    ofItem: agent === NONE ? { vat } : { vat, agent: { type: agent } },
    ofReceipt: { ...formOf(type, correction), payments: [{ type: payment, amount: 100 }] },
  }))
  const { emitted, refused, problems, words } = tallyOf(bodies)
  expect(sorted(problems)).toEqual([])
  // The corrections of FFD 1.05 have only sums.
  expect(sorted(refused)).toEqual(['/correction of FFD 1.05'])
  const perFormat = OPERATIONS.length * VATS.length * PAYMENT_TYPES.length * AGENTS_OR_NONE.length
  expect(emitted).toBe(perFormat * (CORRECTIONS.length * 2 + 1))
  expect(sorted(words.get('operation'))).toEqual(sorted([...namesOf(OPERATION_WORDS), ...namesOf(CORRECTION_WORDS)]))
  expect(sorted(words.get('vat'))).toEqual(sorted(namesOf(VAT_WORDS)))
  expect(sorted(words.get('payment'))).toEqual(sorted(namesOf(PAYMENTS)))
})

test(`operation × correction × marking × subject and way of settlement × FFD (SEED=${SEED})`, () => {
  const all = pairs(ofFormats, pairs(pairs(CORRECTIONS, MARKS_OR_NONE), pairs(METHODS, PAYMENT_OBJECTS)))
  const bodies = all.flatMap(([[ffd, type], [[correction, marking_status], [payment_method, payment_object]]]) => {
    const isMarked = payment_object.endsWith('_with_marking')
    if (isMarked !== (marking_status !== NONE) || (isMarked && !isMarkable(type))) return []
    const settled = { payment_method, payment_object }
    const ofItem = isMarked ? { ...settled, marking_code: CODE, marking_status } : settled
    return [{ ffd, ofItem, ofReceipt: formOf(type, correction) }]
  })
  const { emitted, refused, problems } = tallyOf(bodies)
  expect(sorted(problems)).toEqual([])
  expect(sorted(refused)).toEqual([
    '/correction of FFD 1.05',
    '/items/0/marking_code of FFD 1.05',
    '/items/0/marking_code of FFD 1.1',
    '/items/0/payment_object of FFD 1.05',
    '/items/0/payment_object of FFD 1.1',
  ])
  const count = (isIt: (object: string) => boolean) => PAYMENT_OBJECTS.filter(isIt).length
  const [marked, ofMarking] = [count((one) => one.endsWith('_with_marking')), count((one) => one.includes('_marking'))]
  const { length: operations } = OPERATIONS
  const of12 = operations * (PAYMENT_OBJECTS.length - marked) + 2 * marked * MARKING_STATUSES.length
  const before = operations * (PAYMENT_OBJECTS.length - ofMarking)
  const { length: corrections } = CORRECTIONS
  expect(emitted).toBe(METHODS.length * (of12 * corrections + before * corrections + before))
})

test('operation × correction × taxation system × VAT, and a code that is sold in parts', () => {
  const part = { payment_object: 'commodity_with_marking', marking_code: CODE, fraction: '1/2' }
  const all = pairs(pairs(OPERATIONS, CORRECTIONS), pairs(TAXATION_SYSTEMS, VATS))
  const bodies = all.flatMap(([[type, correction], [taxation_system, vat]]) => {
    const ofReceipt = { ...formOf(type, correction), taxation_system }
    const items = isMarkable(type) ? [{ vat }, { vat, ...part }] : [{ vat }]
    return items.map((ofItem): Body => ({ ffd: '1.2', ofItem, ofReceipt }))
  })
  const { refused, problems, words } = tallyOf(bodies)
  expect([sorted(problems), sorted(refused)]).toEqual([[], []])
  expect(sorted(words.get('taxation'))).toEqual(sorted(namesOf(TAXATIONS)))
})

test('a receipt with a marking code has it checked, and one without waits for no check', () => {
  const marked = { payment_object: 'commodity_with_marking', marking_code: CODE }
  const checks = [marked, {}].map((ofItem) => {
    const told = emit({ ffd: '1.2', ofItem, ofReceipt: {} })
    return told.kind === 'emitted' && told.task.validateMarkingCodes
  })
  expect(checks).toEqual([true, false])
})
