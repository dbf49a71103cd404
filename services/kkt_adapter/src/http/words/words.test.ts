/** Each text is there in both languages, says the same of the same things, and counts as the language does. */
import { describe, expect, test } from 'bun:test'
import { COMMON_PROBLEMS } from '@kkt/platform/docs/book.ts'
import type { Language } from '@kkt/platform/language.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { adapterBook } from '../../book.ts'
import { KKT_TROUBLES } from '../../domain/kkt.ts'
import { STATUSES } from '../../domain/state.ts'
import { adapterProblem } from '../adapter_problems.ts'
import { deliveryProblem } from '../delivery_problems.ts'
import { settleProblem } from '../settle_problems.ts'
import { taskProblem } from '../task_problems.ts'
import { ADAPTER_WORDS } from './words.ts'

const ID = '01a20425-88ce-7000-be2d-76eab0eb441e'
const at = (status: (typeof STATUSES)[number]) => ({ receipt_id: ID, status })
const ofEach = (make: (status: (typeof STATUSES)[number]) => Problem) => STATUSES.map(make)

/** Examples of each problem, and the things that its texts name in either language. A new problem has to be put here. */
const EXAMPLES: Record<
  keyof typeof adapterProblem | keyof typeof deliveryProblem | keyof typeof settleProblem | keyof typeof taskProblem,
  { problems: Problem[]; names: string[] }
> = {
  bufferFull: { problems: [adapterProblem.bufferFull(731)], names: ['731', '/v1/kkt/buffer/status'] },
  tokenMissing: { problems: [adapterProblem.tokenMissing()], names: ['Authorization: Bearer', 'make_token.ts'] },
  tokenUnknown: { problems: [adapterProblem.tokenUnknown()], names: ['API_TOKENS_FILE'] },
  tooManyWrongTokens: { problems: [adapterProblem.tooManyWrongTokens(60_000)], names: [] },
  roleNotAllowed: { problems: [adapterProblem.roleNotAllowed('till')], names: ['till'] },
  posNotAllowed: { problems: [adapterProblem.posNotAllowed()], names: ['pos_id', 'API_TOKENS_FILE'] },
  keyReused: { problems: [adapterProblem.keyReused(ID)], names: [ID, 'Idempotency-Key'] },
  vatRefused: {
    problems: [
      adapterProblem.vatRefused((language) => ({ why: ADAPTER_WORDS[language].answers.printed(), errors: [] })),
    ],
    names: ['VAT_RULES=warn', 'Idempotency-Key'],
  },
  shuttingDown: { problems: [adapterProblem.shuttingDown()], names: [] },
  journalUnavailable: {
    problems: ['SQLITE_FULL', 'FILE_DISPLACED', 'JOURNAL_BEHIND_FN'].map(adapterProblem.journalUnavailable),
    names: ['Idempotency-Key'],
  },
  kktUnfit: { problems: KKT_TROUBLES.map(adapterProblem.kktUnfit), names: ['Idempotency-Key'] },
  kktCannot: {
    problems: [adapterProblem.kktCannot({ pointer: '/items/0/agent', reason: { en: 'is not', ru: 'нельзя' } })],
    names: ['/items/0/agent', 'Idempotency-Key'],
  },
  kktRefused: { problems: [adapterProblem.kktRefused(ID, 'code 81')], names: [ID, 'code 81', 'Idempotency-Key'] },
  ofdControlUnavailable: { problems: [adapterProblem.ofdControlUnavailable()], names: ['OFD_API_URL'] },
  receiptNotFound: { problems: [adapterProblem.receiptNotFound(ID)], names: [ID] },
  waitTimedOut: {
    problems: ofEach((status) => adapterProblem.waitTimedOut(at(status), 'synced', 17_000)),
    names: [ID, '17', 'last_error', '/v1/kkt/buffer/status'],
  },
  outOfReach: { problems: ofEach((status) => adapterProblem.outOfReach(at(status), 'unknown')), names: [ID] },
  tooManyWaits: { problems: [adapterProblem.tooManyWaits()], names: ['wait'] },
  originalNotFound: {
    problems: [adapterProblem.originalNotFound()],
    names: ['original_fiscal_doc_id', 'RETENTION_DAYS'],
  },
  refundTooEarly: { problems: ofEach((status) => adapterProblem.refundTooEarly({ id: ID, status })), names: [ID] },
  noFiscalDocument: { problems: ofEach((status) => adapterProblem.noFiscalDocument(ID, status)), names: [ID] },
  forceNotAllowed: { problems: [adapterProblem.forceNotAllowed()], names: ['force'] },
  refundExceeds: { problems: [adapterProblem.refundExceeds(12_345)], names: ['123.45', 'Idempotency-Key', 'force'] },
  refundIncomplete: {
    problems: [true, false].map((isKnown) => adapterProblem.refundIncomplete([0], isKnown)),
    names: ['errors', 'Idempotency-Key'],
  },
  keyUndecided: { problems: [adapterProblem.keyUndecided()], names: ['Idempotency-Key'] },
  correctionNotFound: { problems: [adapterProblem.correctionNotFound(ID)], names: [ID] },
  alreadyCorrected: { problems: [adapterProblem.alreadyCorrected(ID)], names: [ID, '/v1/kkt/correction/'] },
  correctionInFuture: { problems: [adapterProblem.correctionInFuture('/date', '2026-02-10')], names: ['2026-02-10'] },
  correctionNotOpen: { problems: [adapterProblem.correctionNotOpen(ID)], names: [ID] },
  notUntold: { problems: ofEach((status) => settleProblem.notUntold(ID, status)), names: [ID] },
  documentTaken: { problems: [settleProblem.documentTaken('9999322233119332', 12)], names: ['9999322233119332', '12'] },
  documentNotMade: {
    problems: [settleProblem.documentNotMade('9999322233119332', 12, 7)],
    names: ['9999322233119332', '12', '7', 'printed'],
  },
  documentOpen: { problems: [settleProblem.documentOpen('9999322233119332', 12)], names: ['9999322233119332', '12'] },
  shiftNotTold: { problems: [settleProblem.shiftNotTold()], names: ['shift_number', 'receipt_number'] },
  dlqAbsent: { problems: [deliveryProblem.dlqAbsent()], names: ['DELIVERY=kkt', '/v1/health'] },
  nothingUntraced: {
    problems: [deliveryProblem.nothingUntraced('9999322233119332')],
    names: ['9999322233119332', 'untraced', '/v1/kkt/buffer/status', '/v1/kkt/receipts'],
  },
  notInDlq: { problems: ofEach((status) => adapterProblem.notInDlq(ID, status)), names: [ID] },
  shiftOpen: { problems: [taskProblem.shiftOpen()], names: ['/v1/kkt/shift'] },
  shiftExpired: { problems: [taskProblem.shiftExpired()], names: ['24', '/v1/kkt/shift/close'] },
  shiftClosed: { problems: [taskProblem.shiftClosed()], names: ['/v1/kkt/shift/open'] },
  drawerTooLow: { problems: [taskProblem.drawerTooLow()], names: ['/v1/kkt/shift', 'Idempotency-Key'] },
  kktSilent: { problems: [taskProblem.kktSilent()], names: [] },
  tooManyTasks: { problems: [taskProblem.tooManyTasks()], names: ['/v1/kkt/tasks'] },
  taskRefused: { problems: [taskProblem.taskRefused(ID, 'code 80')], names: [ID, 'code 80', 'Idempotency-Key'] },
  taskKeyReused: { problems: [ID, null].map(taskProblem.taskKeyReused), names: ['Idempotency-Key'] },
  taskNotFound: { problems: [taskProblem.taskNotFound(ID)], names: [ID] },
  taskNotUnclear: { problems: [taskProblem.taskNotUnclear(ID)], names: [ID] },
  shiftNotFound: { problems: [taskProblem.shiftNotFound(12)], names: ['12', '/v1/kkt/shifts'] },
  noSlip: { problems: [taskProblem.noSlip()], names: ['/v1/kkt/receipt/{receipt_id}/slip'] },
  printsOutOfOrder: {
    problems: [adapterProblem.printsOutOfOrder(2000)],
    names: ['kkt_print_delay_min', 'kkt_print_delay_max', '2'],
  },
}

const CYRILLIC = /\p{Script=Cyrillic}/u
const isIn = (language: Language, text: string) => CYRILLIC.test(text) === (language === 'ru')

describe.each(Object.entries(EXAMPLES))('%s', (_name, { problems, names }) => {
  const documents = problems.map((problem) => [problem.toDocument('en'), problem.toDocument('ru')] as const)

  test('is told in each language, with the same code and status', () => {
    for (const [en, ru] of documents) {
      expect([ru.code, ru.status, Object.keys(ru)]).toEqual([en.code, en.status, Object.keys(en)])
      for (const [language, { title, detail, errors = [] }] of [
        ['en', en],
        ['ru', ru],
      ] as const) {
        for (const text of [title, detail, ...errors.map(({ message }) => message)]) {
          expect({ text, isIts: isIn(language, text) }).toEqual({ text, isIts: true })
        }
        expect(detail).toMatch(/^\p{Lu}.*\.$/u)
        expect(detail).not.toMatch(/undefined|null|NaN|\[object|\.\./)
      }
    }
  })

  test('names the same things in each language', () => {
    for (const documentsOfOne of documents) {
      for (const { detail } of documentsOfOne) for (const name of names) expect(detail).toContain(name)
    }
  })
})

test('the examples have each code that a route of the adapter may answer, besides those of every service', () => {
  const shown = Object.values(EXAMPLES).flatMap(({ problems }) => problems.map(({ code }) => code))
  const ofHub = ['too_many_readers']
  expect(new Set([...shown, ...ofHub].filter((code) => !Object.hasOwn(COMMON_PROBLEMS, code)))).toEqual(
    new Set(Object.keys(adapterBook.problems)),
  )
})

test('the reason of a refund that is too early is in the language of its detail', () => {
  const problem = adapterProblem.refundTooEarly({ id: ID, status: 'failed' })
  expect(problem.toDocument('en')).toMatchObject({ allowed: false, reason: 'the OFD refused it' })
  expect(problem.toDocument('ru')).toMatchObject({ allowed: false, reason: 'ОФД отклонил его', sync_status: 'failed' })
})

describe('the messages of answers', () => {
  const { en, ru } = { en: ADAPTER_WORDS.en.answers, ru: ADAPTER_WORDS.ru.answers }
  const left = { failed: 3, skipped: 4, remaining: 7 }
  const both = {
    notPrintedYet: [en.notPrintedYet(), ru.notPrintedYet()],
    noPaper: [en.noPaper(12), ru.noPaper(12)],
    paperLost: [en.paperLost(12), ru.paperLost(12)],
    electronic: [en.electronic(), ru.electronic()],
    printed: [en.printed(), ru.printed()],
    syncedNotHere: [en.syncedNotHere(), ru.syncedNotHere()],
    syncedAll: [en.syncedAll(), ru.syncedAll()],
    syncedThese: [en.syncedThese(7), ru.syncedThese(7)],
    heldByKkt: [en.heldByKkt(7), ru.heldByKkt(7)],
    syncKktSilent: [en.syncKktSilent(), ru.syncKktSilent()],
    syncedInPart: [en.syncedInPart(left), ru.syncedInPart(left)],
    correctionPrinted: [en.correctionPrinted(), ru.correctionPrinted()],
    correctionBuffered: [en.correctionBuffered(), ru.correctionBuffered()],
    correctionIncomplete: [en.correctionIncomplete(), ru.correctionIncomplete()],
    correctionClosed: [en.correctionClosed(), ru.correctionClosed()],
    drawerBelowZero: [en.drawerBelowZero(), ru.drawerBelowZero()],
    taskOpened: [en.taskDone.open_shift, ru.taskDone.open_shift],
    taskClosed: [en.taskDone.close_shift, ru.taskDone.close_shift],
    taskReported: [en.taskDone.x_report, ru.taskDone.x_report],
    taskCashIn: [en.taskDone.cash_in, ru.taskDone.cash_in],
    taskCashOut: [en.taskDone.cash_out, ru.taskDone.cash_out],
    taskCopied: [en.taskDone.copy, ru.taskDone.copy],
    taskAccepted: [en.taskOpen.accepted, ru.taskOpen.accepted],
    taskAsked: [en.taskOpen.asked, ru.taskOpen.asked],
    taskUnknown: [en.taskOpen.unknown, ru.taskOpen.unknown],
    taskUnclear: [en.taskOpen.unclear, ru.taskOpen.unclear],
    leftOutBehind: [en.leftOut.too_far_behind, ru.leftOut.too_far_behind],
    leftOutRemoved: [en.leftOut.events_removed, ru.leftOut.events_removed],
    leftOutUnknown: [en.leftOut.no_such_event, ru.leftOut.no_such_event],
  } satisfies Record<Exclude<keyof typeof en, 'leftOut' | 'taskDone' | 'taskOpen'>, [string, string]> &
    Record<string, [string, string]>

  test.each(Object.entries(both))('%s has the same numbers in both languages', (_name, [english, russian]) => {
    expect([isIn('en', english), isIn('ru', russian)]).toEqual([true, true])
    const numbers = (text: string) => text.match(/(?<![a-z/])\d+/g)?.sort() ?? []
    expect(numbers(russian)).toEqual(numbers(english))
  })
})

test.each([
  [1, '1 чек'],
  [2, '2 чека'],
  [5, '5 чеков'],
  [11, '11 чеков'],
  [21, '21 чек'],
  [111, '111 чеков'],
  [122, '122 чека'],
])('%i receipts are counted as %s', (count, counted) => {
  const { answers, problems } = ADAPTER_WORDS.ru
  const whole = { failed: count, skipped: count, remaining: count }
  const texts = [answers.syncedThese(count), answers.syncedInPart(whole), problems.bufferFull(count)]
  const isCounted = new RegExp(`(?<!\\d)${counted}(?!\\p{L})`, 'gu')
  expect(texts.map((text) => text.match(isCounted)?.length)).toEqual([1, 3, 1])
})

test('the advice of the health is there in both languages, or in neither', () => {
  const { en, ru } = { en: ADAPTER_WORDS.en.advice, ru: ADAPTER_WORDS.ru.advice }
  const codes = ['WRONGPASS', 'NOAUTH', 'NOPERM', 'READONLY', 'BADTOKEN', 'CERTIFICATE_EXPIRED']
  for (const code of codes) expect([code, isIn('ru', ru.onRedis(code) ?? '')]).toEqual([code, true])
  expect([en.onRedis('LOADING'), ru.onRedis('LOADING'), ru.onRedis('toString')]).toEqual([null, null, null])
  for (const code of ['SQLITE_FULL', 'FILE_DISPLACED', 'JOURNAL_BEHIND_FN']) {
    expect([isIn('en', en.onJournal(code)), isIn('ru', ru.onJournal(code))]).toEqual([true, true])
  }
})
