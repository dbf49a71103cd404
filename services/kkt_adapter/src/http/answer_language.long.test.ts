/** The adapter's answers to a cashier who reads Russian. */

import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { createHandle } from '../app.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { startGuarded } from '../testing/guarded_app.ts'
import { freshKey } from '../testing/kit.ts'
import { readStream } from '../testing/stream_reader.ts'

const CYRILLIC = /\p{Script=Cyrillic}/u
const NOBODY = '00000000-0000-7000-8000-000000000000'

function start(options?: Parameters<typeof startApp>[0]) {
  const app = startApp(options)
  const ask = (language: string, method: string, path: string, init: RequestInit = {}) =>
    app.ask(method, path, { ...init, headers: { ...init.headers, 'accept-language': language } })
  const sell = (language: string, receipt: unknown = body(), key: string = freshKey()) =>
    ask(language, 'POST', '/v1/kkt/receipt', { body: JSON.stringify(receipt), headers: { 'idempotency-key': key } })
  return { ...app, ask, sell }
}

const languageOf = (headers: Headers) => [headers.get('content-language'), headers.get('vary')]

describe('a sale', () => {
  test('that is printed says so in the language of the till', async () => {
    const { sell, post } = start()
    const [ru, en, silent] = [await sell('ru-RU,ru;q=0.9'), await sell('en'), await post()]
    expect(ru.json).toMatchObject({ status: 'printed', message: 'Чек пробит и напечатан', warnings: [] })
    for (const { json } of [en, silent]) expect(json).toMatchObject({ message: 'Receipt printed successfully' })
    expect([ru, en, silent].map(({ headers }) => languageOf(headers))).toEqual([
      ['ru', 'Accept-Language'],
      ['en', 'Accept-Language'],
      ['en', 'Accept-Language'],
    ])
  })

  test('without paper has the cashier look at it, and a replay is in the language of its own request', async () => {
    const { sell, kkt } = start()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    const key = freshKey()
    const first = await sell('ru', body(), key)
    expect(first.json).toMatchObject({ status: 'buffered', paper: 'missing' })
    expect(first.text).toContain('но не напечатан: проверьте бумагу в ККТ')
    // It is printed as soon as there is paper.
    await settle()
    expect((await sell('en', body(), key)).json).toMatchObject({ message: 'Receipt printed successfully' })
  })

  test('that the KKT is slow with is not to be sold again', async () => {
    const { sell, kkt, clock, deps } = start()
    kkt.onFiscalize = () => new Promise(() => undefined)
    const slow = sell('ru')
    await clock.advance(deps.printTimeoutMs)
    expect((await slow).text).toContain('Чек принят, но ещё не пробит: он напечатается сам.')
  })

  test('has its warnings in Russian, and the stored ones stay in English', async () => {
    const { sell, kkt, journal } = start()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: { ...make(), totalKopecks: 9999 }, paper: 'printed' })
    const key = freshKey()
    const ru = await sell('ru', body(), key)
    expect(ru.json).toMatchObject({
      warnings: [{ code: 'total_differs', message: expect.stringContaining('ККТ подписала итог 99,99 ₽, а в чеке') }],
    })
    const en = await sell('en', body(), key)
    expect(en.json).toMatchObject({
      warnings: [{ code: 'total_differs', message: expect.stringContaining('signed a total of 99.99') }],
    })
    const details = journal.events.list({ receiptId: null, kind: null }, null, 100).items.map(({ detail }) => detail)
    expect(details.join()).toContain('signed a total of 99.99')
    expect(details.join()).not.toMatch(CYRILLIC)
  })

  test('with a name that the KKT cannot print has a warning in Russian', async () => {
    const { sell } = start()
    const { json } = await sell(
      'ru',
      body({ items: [{ name: '眼镜', price: 100, quantity: 1, total: 100, vat_rate: 22 }] }),
    )
    const message = expect.stringContaining('Не все знаки напечатаются: Позиция 1, название.')
    expect(json).toMatchObject({ warnings: [{ code: 'not_printable', message }] })
  })

  test('that a cashier mistyped is refused with the place and the fault', async () => {
    const { sell, logLines } = start()
    const items = [{ name: 'Frame', price: -5, quantity: 1, total: 100, vat_rate: 22 }]
    const { json, headers } = await sell('ru', body({ items }))
    expect(problemOf(json)).toMatchObject({ status: 422, code: 'invalid_body', title: 'Данные не приняты' })
    expect(problemOf(json).detail).toContain(' Позиция 1, цена: нужно число от 0')
    expect(json).toMatchObject({ errors: [{ pointer: '/items/0/price', message: expect.stringMatching(CYRILLIC) }] })
    expect(languageOf(headers)).toEqual(['ru', 'Accept-Language'])
    expect(logLines.join()).not.toMatch(CYRILLIC)
  })

  test('at a rate that the law has ended is refused in Russian, the fault of the field included', async () => {
    const { sell } = start()
    const items = [{ name: 'Frame', price: 100, quantity: 1, total: 100, vat: 'vat20' }]
    const { json } = await sell('ru', body({ items }))
    expect(problemOf(json).code).toBe('vat_rate_refused')
    expect(problemOf(json).detail).toStartWith('Чек не принят. Позиция 1, ставка НДС: на ')
    expect(json).toMatchObject({ errors: [{ pointer: '/items/0/vat', message: expect.stringContaining('НДС 20%') }] })
  })

  test('that the KKT refuses is told with the reason, which is kept as the KKT gave it', async () => {
    const { sell, kkt, ask } = start()
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'code 81' })
    const { json } = await sell('ru')
    expect(problemOf(json).detail).toContain('Чек не пробит: ККТ отказала')
    expect(problemOf(json).detail).toContain('code 81')
    expect((await ask('ru', 'GET', '/v1/kkt/receipts')).text).toContain('"last_error":"code 81"')
  })
})

describe('a problem', () => {
  test.each<[string, string, string]>([
    ['GET', `/v1/kkt/receipt/${NOBODY}`, `Чека ${NOBODY} в журнале нет.`],
    ['GET', '/v1/kkt/nothing', 'Такого адреса нет.'],
    ['DELETE', '/v1/kkt/receipts', 'По этому адресу можно только: GET.'],
    ['POST', `/v1/kkt/buffer/dlq/${NOBODY}/requeue`, `Чека ${NOBODY} в журнале нет.`],
  ])('%s %s', async (method, path, detail) => {
    const { json, headers } = await start().ask('ru', method, path)
    expect(problemOf(json).detail).toStartWith(detail)
    expect(languageOf(headers)).toEqual(['ru', 'Accept-Language'])
  })

  test('of a missing token, of a foreign host and of a full buffer', async () => {
    const guarded = startGuarded()
    const ru = { 'accept-language': 'ru' }
    const missing = await guarded.ask('GET', '/v1/kkt/receipts', { headers: ru })
    expect(problemOf(missing.json).detail).toStartWith('Адаптер доступен только по токену')

    const handle = createHandle(guarded.deps, { hosts: [], origins: [] })
    const foreign = await handle(new Request('http://evil.example/v1/health', { headers: ru }))
    expect([foreign.status, problemOf(await foreign.json()).title]).toEqual([421, 'Не тот адрес'])

    const { sell, ofd } = start({ maxSize: 1 })
    ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
    await sell('ru')
    const full = await sell('ru')
    expect(problemOf(full.json).detail).toContain('ждут печати или отправки в ОФД 1 чек,')
    expect(full.headers.get('retry-after')).toBe('5')
  })

  test('of a disk says what to do about it', async () => {
    const { ask, journal } = start()
    Object.assign(journal.queries, {
      counts() {
        throw new StorageFailure('FILE_DISPLACED', {})
      },
    })
    const { json } = await ask('ru', 'GET', '/v1/kkt/buffer/status')
    expect(problemOf(json).detail).toContain('Файл буфера удалили, переместили или заменили')
  })
})

test('a manual sync is told in Russian', async () => {
  const { sell, ofd, ask } = start()
  expect((await ask('ru', 'POST', '/v1/kkt/buffer/sync')).json).toMatchObject({ message: 'Все чеки переданы в ОФД.' })
  ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
  await sell('ru')
  const { json, headers } = await ask('ru', 'POST', '/v1/kkt/buffer/sync')
  expect(json).toMatchObject({ message: expect.stringContaining('Осталось передать: 1 чек. ОФД не принял: 1 чек.') })
  expect(languageOf(headers)).toEqual(['ru', 'Accept-Language'])
})

test('the health has its advice in Russian', async () => {
  const { ask, journal } = start()
  Object.assign(journal, { failure: async () => 'JOURNAL_BEHIND_FN' })
  const { json, headers } = await ask('ru', 'GET', '/v1/health')
  const advice = { advice: expect.stringContaining('В буфере нет чеков, которые ККТ уже напечатала') }
  expect(json).toMatchObject({ components: { database: { error: 'JOURNAL_BEHIND_FN', ...advice } } })
  expect(languageOf(headers)).toEqual(['ru', 'Accept-Language'])
  expect((await ask('en', 'GET', '/v1/health')).text).toContain('The buffer lacks receipts')
})

test('a reader whose last event is not known is told so in Russian', async () => {
  const { app } = start()
  const headers = { 'accept-language': 'ru', 'last-event-id': '7' }
  const [reset] = await readStream(
    await app.handle(new Request('http://localhost/v1/kkt/stream', { headers })),
  ).events()
  expect(reset).toMatchObject({ event: 'reset', data: { reason: 'no_such_event' } })
  expect(String(reset?.data['detail'])).toStartWith('События с таким номером в журнале ещё нет')
})

test('each reader of the stream is told alerts and health in its own language', async () => {
  const { app, kkt, clock, journal } = start()
  const open = async (language: string) => {
    const headers = { 'accept-language': language }
    const answer = await app.handle(new Request('http://localhost/v1/kkt/stream?events=alert,health', { headers }))
    return { told: languageOf(answer.headers), reader: readStream(answer) }
  }
  const [ru, en] = [await open('ru'), await open('en')]
  expect([ru.told, en.told]).toEqual([
    ['ru', 'Accept-Language'],
    ['en', 'Accept-Language'],
  ])
  kkt.trouble = 'paper_out'
  Object.assign(journal, { failure: async () => 'SQLITE_FULL' })
  await clock.advance(5000)
  const [russian, english] = [await ru.reader.events(), await en.reader.events()]
  const detailOf = (events: typeof russian, wanted: string) =>
    events.find(({ event, data }) => event === 'alert' && data['name'] === wanted)?.data['detail']
  expect(detailOf(russian, 'kkt_trouble')).toBe(
    'В ККТ кончилась бумага. Вставьте бумагу. Ненапечатанные чеки напечатаются сами.',
  )
  expect(detailOf(english, 'kkt_trouble')).toStartWith('The KKT is out of paper.')
  expect(detailOf(russian, 'journal_unusable')).toContain('Проверьте диск')
  expect(JSON.stringify(russian.find(({ event }) => event === 'health'))).toContain('Проверьте диск')
  expect(JSON.stringify(english)).not.toMatch(CYRILLIC)
})
