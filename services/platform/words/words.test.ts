/** The problems that each service answers, in both languages. */
import { describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { errorAnswers } from '../error_answers.ts'
import { jsonBody } from '../json_body.ts'
import { LANGUAGES, type Language } from '../language.ts'
import { refusals } from '../listener/refusals.ts'
import { createLogger } from '../logger.ts'
import { Problem, problemDocument } from '../problem.ts'
import { PLATFORM_WORDS } from './words.ts'

const CYRILLIC = /\p{Script=Cyrillic}/u
const isIn = (language: Language, text: string) => CYRILLIC.test(text) === (language === 'ru')

const first = { place: '/items/0', isWhole: false, message: 'x' }

/** Each text with the things that it names in either language. A new text has to be put here. */
const TEXTS: {
  [Name in Exclude<keyof typeof PLATFORM_WORDS.en, 'titles' | 'unknownTitle' | 'faults'>]: [
    tell: (language: Language) => string,
    names: string[],
  ]
} = {
  bodyTooLarge: [(language) => PLATFORM_WORDS[language].bodyTooLarge(64), ['64']],
  foreignOrigin: [(language) => PLATFORM_WORDS[language].foreignOrigin(), ['CORS_ORIGINS']],
  internalError: [(language) => PLATFORM_WORDS[language].internalError(), ['request_failed']],
  invalidInput: [(language) => PLATFORM_WORDS[language].invalidInput('body', first), ['/items/0']],
  malformedBody: [(language) => PLATFORM_WORDS[language].malformedBody(), []],
  malformedJson: [(language) => PLATFORM_WORDS[language].malformedJson(), ['JSON']],
  methodNotAllowed: [(language) => PLATFORM_WORDS[language].methodNotAllowed('GET, POST'), ['GET, POST']],
  nestedTooDeep: [(language) => PLATFORM_WORDS[language].nestedTooDeep(64), ['64']],
  noSuchFile: [(language) => PLATFORM_WORDS[language].noSuchFile(), []],
  noSuchRoute: [(language) => PLATFORM_WORDS[language].noSuchRoute(), ['README']],
  notUtf8: [(language) => PLATFORM_WORDS[language].notUtf8(), ['UTF-8']],
  tooManyReaders: [(language) => PLATFORM_WORDS[language].tooManyReaders(16), ['16']],
  unknownHost: [(language) => PLATFORM_WORDS[language].unknownHost(), ['Host', 'localhost', 'ALLOWED_HOSTS']],
}

describe.each(LANGUAGES)('in the language %s', (language) => {
  test.each(Object.entries(TEXTS))('%s is a text with all that it names', (_name, [tell, names]) => {
    const text = tell(language)
    expect([text, isIn(language, text)]).toEqual([text, true])
    expect(text).toMatch(/^[\p{Lu}\d].*\.$/u)
    for (const name of names) expect(text).toContain(name)
  })

  test('each status has a title of its own', () => {
    const titles = Object.values(PLATFORM_WORDS[language].titles)
    expect(titles.filter((title) => !isIn(language, title))).toEqual([])
    expect(new Set(titles).size).toBe(Object.keys(PLATFORM_WORDS.en.titles).length)
  })

  test.each(['body', 'headers', 'query', 'params'])('a fault of the whole %s names it', (on) => {
    const text = PLATFORM_WORDS[language].invalidInput(on, { ...first, isWhole: true })
    expect(text).not.toMatch(/\/items|undefined/)
    expect(isIn(language, text)).toBe(true)
  })
})

test.each([
  [1, 'не больше 1 знака', 'не меньше 1 строки'],
  [2, 'не больше 2 знаков', 'не меньше 2 строк'],
  [5, 'не больше 5 знаков', 'не меньше 5 строк'],
  [11, 'не больше 11 знаков', 'не меньше 11 строк'],
  [21, 'не больше 21 знака', 'не меньше 21 строки'],
  [111, 'не больше 111 знаков', 'не меньше 111 строк'],
])('a limit of %i is in the genitive', (bound, characters, entries) => {
  const { faults } = PLATFORM_WORDS.ru
  expect(faults.length('at_most', bound)).toEndWith(characters)
  expect(faults.entries('at_least', bound)).toEndWith(entries)
})

test.each([
  [1, '1 уровень', '1 байт'],
  [2, '2 уровня', '2 байта'],
  [5, '5 уровней', '5 байт'],
  [11, '11 уровней', '11 байт'],
  [21, '21 уровень', '21 байт'],
  [111, '111 уровней', '111 байт'],
])('%i is counted', (count, levels, bytes) => {
  expect(PLATFORM_WORDS.ru.nestedTooDeep(count)).toContain(`${levels}.`)
  expect(PLATFORM_WORDS.ru.bodyTooLarge(count)).toContain(`${bytes}.`)
})

test('the refusals of the listener are in English, whatever the client asks for', () => {
  const told = [
    refusals.connectionsFull(),
    refusals.bodiesFull(),
    refusals.late(),
    refusals.headTooLarge(1),
    refusals.bodyTooLarge(1),
    refusals.malformed('x'),
    refusals.noProxy(),
  ]
  expect(told).toHaveLength(Object.keys(refusals).length)
  for (const problem of told) expect(JSON.stringify(problem.toDocument('ru'))).not.toMatch(CYRILLIC)
})

const lines: string[] = []
const base = new Elysia()
const app = base
  .use(
    errorAnswers({
      logger: createLogger('test', 'debug', (line) => lines.push(line)),
      routes: () => base.routes,
      placeInWords: (pointer, language) => (language === 'ru' && pointer === '/count' ? 'Количество' : null),
    }),
  )
  .post('/orders', () => 'taken', {
    parse: jsonBody(1000),
    body: z.strictObject({ count: z.number().min(1).max(5), name: z.string().max(3).optional() }),
  })
  .get('/english', () => {
    throw new Problem(409, 'english_only', 'Only in English.')
  })
  .get('/fail', () => {
    throw new Error('x')
  })

async function ask(accepted: string | null, path: string, body?: string) {
  const headers = accepted === null ? {} : { 'accept-language': accepted }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body }
  const answer = await app.handle(new Request(`http://localhost${path}`, init))
  const told = ['content-language', 'vary'].map((name) => answer.headers.get(name))
  return { told, document: problemDocument.parse(await answer.json()) }
}

describe('an answer', () => {
  test('is in the language that the client prefers, and says so', async () => {
    const { told, document } = await ask('ru-RU,ru;q=0.9,en;q=0.8', '/nothing')
    expect(told).toEqual(['ru', 'Accept-Language'])
    expect(document).toMatchObject({
      title: 'Не найдено',
      detail: 'Такого адреса нет. Все адреса перечислены в README.',
      code: 'no_such_route',
    })
  })

  test.each([null, 'en', 'de', 'en, ru', '*'])('is in English for %p', async (accepted) => {
    const { told, document } = await ask(accepted, '/nothing')
    expect([told, document.title]).toEqual([['en', 'Accept-Language'], 'Not found'])
  })

  test('that is in English only stays so, and does not vary', async () => {
    const { told, document } = await ask('ru', '/english')
    expect([told, document.title, document.detail]).toEqual([[null, null], 'Conflict', 'Only in English.'])
  })

  test.each([
    ['{', 'malformed_json'],
    ['['.repeat(99) + ']'.repeat(99), 'malformed_json'],
    ['x'.repeat(1001), 'body_too_large'],
    ['{}', 'invalid_body'],
  ])('about the body %p is in Russian', async (body, code) => {
    const { document } = await ask('ru', '/orders', body)
    expect([document.code, isIn('ru', document.detail), isIn('ru', document.title)]).toEqual([code, true, true])
  })

  test('names a place of the input in people’s words, and has the words of each fault', async () => {
    const { document } = await ask('ru', '/orders', '{"count": 7, "name": "long"}')
    expect(document.detail).toContain(' Количество: должно быть не больше 5.')
    expect(document.errors).toEqual([
      { pointer: '/count', message: 'должно быть не больше 5' },
      { pointer: '/name', message: 'длина должна быть не больше 3 знаков' },
    ])
    expect((await ask('en', '/orders', '{"count": 7}')).document.errors?.[0]?.message).toBe('must be at most 5')
    const missing = await ask('ru', '/orders', '{}')
    expect(missing.document.errors).toEqual([{ pointer: '/count', message: 'не указано' }])
  })

  test('in Russian leaves the log in English', async () => {
    lines.length = 0
    const { document } = await ask('ru', '/fail')
    expect([document.code, isIn('ru', document.detail)]).toEqual(['internal_error', true])
    await ask('ru', '/orders', '{}')
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toMatch(CYRILLIC)
  })
})
