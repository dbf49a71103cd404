import { describe, expect, test } from 'bun:test'
import { FN, ID, OTHER_ID } from '../../testing/atol_answers.ts'
import { atolKit, SOLD, TOKEN } from '../../testing/atol_driver.ts'
import { type atolServer, LAST_FD } from '../../testing/atol_server.ts'
import { content, freshKey } from '../../testing/kit.ts'
import { requestUuid } from './requests.ts'

const FD = LAST_FD + 1
const done = (more: object = {}) => ({ kind: 'done', doc: { fdNumber: FD, fnNumber: FN }, ...more })

describe('a receipt', () => {
  test('is made by one request, whose uuid is of its id and its attempt', async () => {
    const { fiscalize, server, attempts } = atolKit()
    expect(await fiscalize(SOLD)).toMatchObject(
      done({ paper: 'printed', doc: { totalKopecks: 10_000, shiftNumber: 12 } }),
    )
    expect(server.posts.map(({ uuid, type }) => [uuid, type])).toEqual([[requestUuid(ID, 1), 'sell']])
    expect(attempts.of(ID)).toMatchObject([{ number: 1, fnNumber: FN, lastFdNumber: LAST_FD }])
  })

  test('is the only one that is taken of several', async () => {
    const { driver, ended, server } = atolKit()
    const receipts = [ID, ID].map((id) => ({ id, key: freshKey(), content: { ...content(), ...SOLD } }))
    expect(await ended(driver.fiscalize(receipts, TOKEN))).toHaveLength(1)
    expect(server.done).toEqual(['sell'])
  })

  test('that the registration does not allow is refused before an attempt is journaled', async () => {
    const { fiscalize, server, attempts } = atolKit()
    expect(await fiscalize({ ...SOLD, taxationSystem: 'patent' })).toMatchObject({ kind: 'refused', isLasting: true })
    expect([attempts.of(ID), server.posts]).toEqual([[], []])
  })

  test('is not asked for while the register does not answer', async () => {
    const { fiscalize, server, attempts } = atolKit()
    server.isSilent = true
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
    expect(attempts.of(ID)).toEqual([])
  })

  test('is not asked for where its attempt cannot be journaled', async () => {
    const { attempts, fiscalize, server, log } = atolKit()
    attempts.fail()
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    expect(server.posts).toEqual([])
    expect(log.text()).toMatch(/"event":"kkt_not_asked".*atol_driver\.ts/)
  })

  test('tells of missing paper, of a recovered document and of the shift that the register opened for it', async () => {
    const { fiscalize, server, log } = atolKit()
    server.file({ '1038': 13 }, { fiscalDocumentType: 'openShift' })
    server.endScript.push({
      kind: 'ready',
      params: { shiftNumber: 0 },
      warnings: { notPrinted: true, recovered: true, shiftAutoOpened: true },
    })
    const outcome = await fiscalize(SOLD)
    expect(outcome).toMatchObject({
      kind: 'done',
      paper: 'missing',
      shiftOpened: { kind: 'shift_opening', fdNumber: FD },
    })
    expect(outcome).toMatchObject({ doc: { fdNumber: FD + 1, shiftNumber: 12 } })
    for (const event of ['kkt_document_recovered', 'kkt_document_not_printed', 'kkt_opened_shift'])
      expect(log.text()).toContain(`"event":"${event}"`)
  })

  test('that is recovered has the numbers of its document in the FN', async () => {
    const { fiscalize, server } = atolKit()
    server.endScript.push({
      kind: 'ready',
      params: { shiftNumber: 0, fiscalReceiptNumber: 0 },
      warnings: { recovered: true },
    })
    expect(await fiscalize(SOLD)).toMatchObject(done({ doc: { fdNumber: FD, shiftNumber: 12, receiptNumber: 7 } }))
  })

  test('that is recovered tells of a shift that was opened for it, and of none that was open', async () => {
    const { fiscalize, server } = atolKit()
    server.file({ '1038': 12 }, { fiscalDocumentType: 'openShift' })
    server.endScript.push({ kind: 'ready', warnings: { recovered: true } })
    expect(await fiscalize(SOLD)).not.toHaveProperty('shiftOpened')
    server.postScript.push('lost_before', 'lost_before', 'lost_before')
    expect(await fiscalize(SOLD, OTHER_ID)).toMatchObject({ kind: 'unknown' })
    server.file({ '1038': 13 }, { fiscalDocumentType: 'openShift' })
    server.endScript.push({ kind: 'ready', warnings: { recovered: true } })
    expect(await fiscalize(SOLD, OTHER_ID)).toMatchObject({ kind: 'done', shiftOpened: { fdNumber: FD + 2 } })
  })

  test('tells of an opened shift where its own result is whole', async () => {
    const { fiscalize, server } = atolKit()
    server.file({ '1038': 13 }, { fiscalDocumentType: 'openShift' })
    server.endScript.push({ kind: 'ready', warnings: { shiftAutoOpened: true } })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', shiftOpened: { fdNumber: FD } })
  })

  test('without paper by the wish of its till counts as printed', async () => {
    const { fiscalize, server } = atolKit()
    server.endScript.push({ kind: 'ready', warnings: { notPrinted: true } })
    expect(await fiscalize({ ...SOLD, electronic: true })).toMatchObject(done({ paper: 'printed' }))
  })
})

describe('invariant 2: a POST that got no answer is sent again with the same body, and the document is made once', () => {
  test('where it was lost before it was queued', async () => {
    const { fiscalize, server } = atolKit()
    server.postScript.push('lost_before')
    expect(await fiscalize(SOLD)).toMatchObject(done())
    const [first, second] = server.posts
    expect(server.posts).toHaveLength(2)
    expect(first?.body).toBe(second?.body ?? '')
    expect(server.done).toEqual(['sell'])
  })

  test.each([
    ['the service still has it', () => undefined],
    ['the service has lost its queue', (server: ReturnType<typeof atolServer>) => server.forget()],
  ])('but not where the FN has a document since: it is asked for, and %s', async (_, happens) => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push('lost_after')
    server.onQuestion = (name) => void (name === 'FnStatus' && server.done.length > 0 && happens(server))
    await fiscalize(SOLD)
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD } })
    expect(server.posts).toHaveLength(1)
    expect(server.done).toEqual(['sell'])
  })

  test('and its outcome is unknown where no answer comes, until the look-up tells', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push('lost_before', 'lost_before', 'lost_before')
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    expect(await lookup()).toMatchObject({ kind: 'absent' })
  })

  test('and its outcome is unknown where only the last ones were never sent', async () => {
    const { fiscalize, server } = atolKit()
    server.postScript.push('lost_before', 'not_sent', 'not_sent')
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
  })

  test('and where nothing was sent it is refused for now', async () => {
    const { fiscalize, server } = atolKit()
    server.postScript.push('not_sent', 'not_sent', 'not_sent')
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
  })

  test('and a refusal behind a POST that got no answer does not count', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push('lost_before', { status: 401 }, { status: 401 })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    expect(await lookup()).toMatchObject({ kind: 'absent' })
  })
})

test.each([200, 202, 204])(
  'invariant 3: a POST that is answered %i, which the service does not say, may have come',
  async (status) => {
    const { fiscalize, server } = atolKit()
    server.postScript.push({ status }, { status }, { status })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
  },
)

describe('a request that the service does not take', () => {
  const wrong = (code: number) => ({ error: { code, description: 'items[0].price' } })
  test.each<[number, object, boolean, string]>([
    [401, {}, false, 'KKT_PASSWORD'],
    [403, {}, false, 'not active'],
    [404, {}, false, 'KKT_DEVICE'],
    [408, {}, false, 'busy'],
    [420, wrong(501), true, 'items[0].price'],
    [400, wrong(501), true, '501'],
    [420, wrong(55), false, 'busy'],
    [400, {}, false, '400'],
  ])('with %i %j is refused, lasting: %p', async (status, body, isLasting, says) => {
    const { fiscalize, server } = atolKit()
    server.postScript.push({ status, body })
    const outcome = await fiscalize(SOLD)
    expect(outcome).toMatchObject({ kind: 'refused', isLasting })
    expect(JSON.stringify(outcome)).toContain(says)
    expect(server.done).toEqual([])
  })
})

describe('the end of a receipt', () => {
  test('is waited for while it waits, is at work or is blocked, and the block is told once', async () => {
    const { fiscalize, server, log } = atolKit()
    const blocked = { kind: 'blocked', times: 4, next: { kind: 'ready', warnings: { recovered: true } } } as const
    server.endScript.push({ kind: 'wait', times: 2, next: { kind: 'inProgress', times: 2, next: blocked } })
    expect(await fiscalize(SOLD)).toMatchObject(done())
    expect(log.text().match(/kkt_queue_blocked/g)).toHaveLength(1)
    expect(log.text().match(/kkt_queue_moves/g)).toHaveLength(1)
  })

  test('invariant 3: is unknown after 30 seconds, and later found without another POST', async () => {
    const { fiscalize, lookup, server, clock } = atolKit()
    server.endScript.push({ kind: 'blocked', times: 25, next: { kind: 'ready' } })
    const startedMs = clock.monotonicMs()
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('blocked') })
    expect(clock.monotonicMs() - startedMs).toBeWithin(28_000, 31_000)
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD } })
    expect(server.posts).toHaveLength(1)
  })

  test('a blocked document that the FN does not hold after all is absent, and the next attempt makes it', async () => {
    const { fiscalize, lookup, server, attempts } = atolKit()
    server.endScript.push({ kind: 'blocked', times: 2, next: { kind: 'error', code: 123 } })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
    expect(await fiscalize(SOLD)).toMatchObject(done())
    expect(attempts.of(ID)).toHaveLength(2)
  })
})

describe('the registration', () => {
  test('is read once, and again when the KKT is registered again', async () => {
    const { fiscalize, server } = atolKit()
    for (const id of [ID, OTHER_ID]) expect(await fiscalize(SOLD, id)).toMatchObject({ kind: 'done' })
    expect(server.asked).toEqual(['getRegistrationInfo'])
    server.registrations = 2
    server.systems = ['patent']
    const third = '0199d3a0-5f71-7000-8a3b-2c1d4e5f6a7b' as typeof ID
    expect(await fiscalize({ ...SOLD, taxationSystem: 'osn' }, third)).toMatchObject({
      kind: 'refused',
      isLasting: true,
    })
  })
})
