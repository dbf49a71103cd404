import { describe, expect, test } from 'bun:test'
import { NO_SECRETS } from '../../domain/secrets.ts'
import { FN, ID, inTag, OTHER_FN, SALE_OF_100 } from '../../testing/atol_answers.ts'
import { atolKit, SOLD } from '../../testing/atol_driver.ts'
import { LAST_FD } from '../../testing/atol_server.ts'
import { ERROR_TABLE } from './error_table.ts'
import { errorInWords, ruleOf } from './errors.ts'

const FD = LAST_FD + 1

const through = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

/** The rows of the wire's description, without its words. */
const NO_AND_WAITS = {
  busy: [55, 72, 221, 226],
  printer: [44, 45, 46, 47, 114, 132, 150],
  'an expired shift': [68, 141],
  'another state of the shift': [73, 83, 106],
  'the clock': [35, 36, 122, 142, 198, 218],
  'the FN': [118, 119, 120, 121, 130, 135, 136, 137, 166, 224],
  'unsent documents': [139, 140, 411],
  'no registration': [89, 225],
  'a check of marking that may pass': [401, 402, 421, 423],
  'an earlier task': [502],
}
const NO_AND_LASTING = {
  'payments and totals': [52, 53, 60, 63, 66, 79, 80, 98, 227],
  'prices and sizes': [16, 17, 40, 61, 110, 125, 134, 223],
  'taxes and settlements': [128, 129, 143, 144, 145, 147, 195, 215, 216, 217, 219, 243],
  attributes: [158, 161, 148, 167, 190, 192, 193, 228, 271],
  'no cashier': [172, 196],
  marking: [...through(403, 410), ...through(412, 420), 422, 424, 425, 426],
  'the task or a script': [501, 503, 504],
}
const FN_TELLS = {
  'the connection': [1, 2, 3, 4, 241, 107, 108, 104, 115, 159],
  'an interrupted report': [32, 151, ...through(173, 178)],
  'no such document': [123],
}
const AT_ONCE_AGAIN = { 'another mode': [12, 13, 62, 81, 82, 201, 203, 249] }

const rows = (of: Record<string, number[]>) =>
  Object.entries(of).flatMap(([row, codes]) => codes.map((code): [number, string] => [code, row]))

test('each error with a rule is of one row, and is tried below', () => {
  const codes = ERROR_TABLE.flatMap((row) => row.codes)
  const tried = [NO_AND_WAITS, NO_AND_LASTING, FN_TELLS, AT_ONCE_AGAIN].flatMap((of) => rows(of).map(([code]) => code))
  expect(codes.toSorted()).toEqual(tried.toSorted())
  expect(new Set(codes).size).toBe(codes.length)
})

test('a full FN is told for a minute, or until another one is in the KKT', async () => {
  const { fiscalize, driver, ended, server, clock } = atolKit()
  const trouble = async () => (await ended(driver.state()))?.trouble
  expect(await trouble()).toBeNull()
  server.endScript.push({ kind: 'error', code: 121 })
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
  expect(await trouble()).toBe('fn_full')
  await clock.advance(60_000)
  expect(await trouble()).toBeNull()
  server.endScript.push({ kind: 'error', code: 121 })
  await fiscalize(SOLD)
  expect(await trouble()).toBe('fn_full')
  server.swapFn(OTHER_FN)
  expect(await trouble()).toBeNull()
})

describe('an error after which the FN holds nothing, and is not read', () => {
  test.each(rows(NO_AND_WAITS))('%i (%s) is refused for now, and the next attempt may make it', async (code) => {
    const { fiscalize, lookup, server, attempts } = atolKit()
    server.endScript.push({ kind: 'error', code })
    const words = errorInWords({ code, description: `Ошибка ${code}` }, NO_SECRETS)
    expect(await fiscalize(SOLD)).toEqual({ kind: 'refused', isLasting: false, reason: words })
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
    expect(server.urls.filter((url) => url.includes('ShiftStatus'))).toEqual([])
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done' })
    expect(attempts.of(ID)).toHaveLength(2)
  })

  test.each(rows(NO_AND_LASTING))('%i (%s) is refused for good', async (code) => {
    const { fiscalize, server } = atolKit()
    server.endScript.push({ kind: 'error', code })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: true })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: true })
    expect(server.done).toEqual(['sell'])
  })

  test.each(rows(AT_ONCE_AGAIN))('%i (%s) is tried once more at once, and then a person looks', async (code) => {
    const { fiscalize, server } = atolKit()
    server.endScript.push({ kind: 'error', code })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
    server.endScript.push({ kind: 'error', code }, { kind: 'error', code })
    const twice = atolKit()
    twice.server.endScript.push({ kind: 'error', code }, { kind: 'error', code })
    expect(await twice.fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
    expect(twice.server.done).toEqual(['sell', 'sell'])
  })
})

describe('invariant 3: an error after which only the FN tells', () => {
  test.each(rows(FN_TELLS))('%i (%s) is done where the FN holds the document', async (code) => {
    const { fiscalize, server } = atolKit()
    server.endScript.push({ kind: 'error', code, makes: true })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
  })

  test.each(rows(FN_TELLS))('%i (%s) is refused for now where it holds none', async (code) => {
    const { fiscalize, lookup, server } = atolKit()
    server.endScript.push({ kind: 'error', code })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
  })

  test.each(rows({ 'an interrupted report': FN_TELLS['an interrupted report'] }))(
    '%i (%s) has its paper finished first',
    async (code) => {
      const { fiscalize, server } = atolKit()
      server.endScript.push({ kind: 'error', code, makes: true })
      await fiscalize(SOLD)
      expect(server.done).toEqual(['sell', 'continuePrint'])
    },
  )
})

test('invariant 3: an interrupted document is unknown until its paper is finished, because the KKT goes on with it then', async () => {
  const { fiscalize, lookup, server } = atolKit()
  server.endScript.push({ kind: 'error', code: 151 }, { kind: 'error', code: 44 })
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('44') })
  server.endScript.push({ kind: 'error', code: 45 })
  expect(await lookup()).toMatchObject({ kind: 'unknown' })
  server.onQuestion = (name) => {
    if (name !== 'FnInfo' || server.documents.size > 0) return
    server.file({ ...SALE_OF_100, ...inTag(ID) })
  }
  expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD } })
})

describe('invariant 3: an error without a rule', () => {
  const CODE = 999

  test('is done where the FN shows the document, if late', async () => {
    const { driver, fiscalize, server, clock } = atolKit()
    server.endScript.push({ kind: 'error', code: CODE })
    const asked = fiscalize(SOLD)
    await clock.advance(0)
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    expect(await asked).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
    driver.close()
  })

  test('is refused for good, with its number and its words, once the FN has shown none three times', async () => {
    const { fiscalize, lookup, server, clock } = atolKit()
    server.endScript.push({ kind: 'error', code: CODE, description: 'Новая ошибка' })
    const startedMs = clock.monotonicMs()
    expect(await fiscalize(SOLD)).toMatchObject({
      kind: 'refused',
      isLasting: true,
      reason: expect.stringMatching(/999 «Новая ошибка»/),
    })
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(4000)
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: true })
    expect(server.done).toEqual(['sell'])
  })

  test('is unknown while the FN cannot be read', async () => {
    const { fiscalize, server, lookup } = atolKit()
    server.endScript.push({ kind: 'inProgress', times: 3, next: { kind: 'error', code: CODE } })
    server.postScript.push('lost_after', 'lost_before', 'lost_before')
    await fiscalize(SOLD)
    server.queryStatus = 408
    expect(await lookup()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('busy') })
  })
})

test('an error is told in both languages, with the words of the driver where nothing secret may be in them', () => {
  const error = { code: 44, description: 'Нет бумаги' }
  const told = 'нет бумаги: вставьте рулон / there is no paper: put a roll in (ошибка ККТ, KKT error 44'
  expect(errorInWords(error, NO_SECRETS)).toBe(`${told} «Нет бумаги»)`)
  expect(errorInWords(error, null)).toBe(`${told})`)
  expect(ruleOf(999)).toBeNull()
})
