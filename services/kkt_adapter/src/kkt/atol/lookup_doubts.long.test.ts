/** Invariants 2 and 3 where what the register tells is in doubt: nothing is made again, and nothing is taken for another receipt's. */
import { describe, expect, test } from 'bun:test'
import { FN, ID, inTag, OF_CARD, OTHER_FN, OTHER_ID, SALE_OF_100 } from '../../testing/atol_answers.ts'
import { atolKit, NEVER_CAME, SOLD } from '../../testing/atol_driver.ts'
import { LAST_FD } from '../../testing/atol_server.ts'
import { requestUuid } from './requests.ts'

const CARD = { ...SOLD, userAttribute: { name: 'Карта', value: '17' } }
const FD = LAST_FD + 1

/** A receipt of which nothing but the FN tells. */
async function asked(sold: object = SOLD) {
  const kit = atolKit()
  kit.server.postScript.push(...NEVER_CAME)
  await kit.fiscalize(sold)
  return kit
}

describe('a document in the FN', () => {
  test.each([-24, -1, 24])('is found by the attribute of its till, by a clock that is %i hours off', async (hours) => {
    const { lookup, server, clock } = await asked(CARD)
    const at = new Date(clock.wallMs() + hours * 3_600_000).toISOString()
    server.file({ ...SALE_OF_100, ...OF_CARD, '1012': at })
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD } })
  })

  test('with the id of the receipt and another total is left to an operator', async () => {
    const { lookup, server } = await asked()
    server.file({ ...SALE_OF_100, ...inTag(ID), '1020': 99 })
    const reason = expect.stringMatching(/FD 71 of .*99\.00/)
    expect(await lookup()).toMatchObject({ kind: 'untellable', reason })
  })

  test('with the id of the receipt is its, where the FN does not tell the total', async () => {
    const { lookup, server } = await asked()
    server.file({ '1054': 1, ...inTag(ID) })
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD, totalKopecks: 10_000 } })
  })

  test('that is alike and has lost its attribute is left to an operator', async () => {
    const { lookup, server } = await asked()
    server.file(SALE_OF_100)
    expect(await lookup()).toMatchObject({ kind: 'untellable', reason: expect.stringContaining('FD 71') })
  })

  test.each([
    ['the id of another receipt', { ...SALE_OF_100, ...inTag(OTHER_ID) }],
    ['the attribute of another program', { ...SALE_OF_100, ...OF_CARD }],
    ['no attribute and another total', { ...SALE_OF_100, '1020': 99 }],
  ])('with %s is none of it', async (_, tags) => {
    const { lookup, server } = await asked()
    server.file(tags)
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
  })
})

test('invariant 3: a document that turns up after a look-up has a receipt made again only by the word of an operator', async () => {
  const { attempts, fiscalize, lookup, server } = await asked()
  expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
  server.file(SALE_OF_100)
  const sent = server.posts.length
  const doubt = { kind: 'unknown', reason: expect.stringContaining(`FD ${FD}`) } as const
  expect([await fiscalize(SOLD), await fiscalize(SOLD)]).toEqual([doubt, doubt])
  expect(server.posts).toHaveLength(sent)
  attempts.tellNotMade(ID)
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD + 1 } })
})

describe('another FN that is put in while the register is read', () => {
  test.each(['FnStatus', 'ShiftTotals', 'getFnDocument'])(
    'before its answer to %s tells nothing of the one before',
    async (at) => {
      const { lookup, server } = await asked()
      server.file({ ...SALE_OF_100, ...inTag(OTHER_ID) })
      let isIn = false
      server.onQuestion = (name) => {
        if (isIn || name !== at) return
        isIn = true
        server.swapFn(OTHER_FN)
        for (let documents = 0; documents < LAST_FD; documents++) server.file({ ...SALE_OF_100, ...inTag(OTHER_ID) })
      }
      expect(await lookup()).toMatchObject({ kind: 'unknown' })
      expect(await lookup()).toEqual({ kind: 'absent', fnNumber: OTHER_FN })
    },
  )

  test('does not pass for the FN of a start', async () => {
    const { driver, ended, server } = atolKit()
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    server.onQuestion = (name) => {
      if (name === 'FnStatus') server.swapFn(OTHER_FN)
    }
    expect(await ended(driver.documentsAfter(LAST_FD, 500))).toBeNull()
  })
})

describe('invariant 2: a request for another FN than the one that is in the KKT now, of which the service knows nothing,', () => {
  async function hidden() {
    const kit = atolKit()
    kit.server.endScript.push({ kind: 'wait', times: 1000, next: { kind: 'canceled' } })
    kit.server.isHiding = true
    expect(await kit.fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    kit.server.swapFn(OTHER_FN)
    return kit
  }

  test('is taken out of the queue before another one is sent', async () => {
    const { fiscalize, server } = await hidden()
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fnNumber: OTHER_FN } })
    expect(server.canceled).toEqual([requestUuid(ID, 1)])
    expect(server.posts.map(({ uuid }) => uuid)).toEqual([requestUuid(ID, 1), requestUuid(ID, 2)])
  })

  test('leaves its receipt unknown where it has begun after all, or where nobody answers', async () => {
    const { fiscalize, server } = await hidden()
    server.cancelStatus = 409
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    server.cancelStatus = 503
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    expect(server.posts).toHaveLength(1)
  })
})

test('a request that has failed in an FN that was replaced holds up no further one', async () => {
  const { fiscalize, server } = atolKit()
  server.endScript.push({ kind: 'error', code: 999 })
  const first = fiscalize(SOLD)
  server.swapFn(OTHER_FN)
  await first
  server.cancelStatus = 409
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fnNumber: OTHER_FN } })
  expect(server.posts.map(({ uuid }) => uuid)).toEqual([requestUuid(ID, 1), requestUuid(ID, 2)])
})

test('a result in a form that is not known, of which the FN holds no document, is left to an operator', async () => {
  const { fiscalize, lookup, server } = atolKit()
  server.endScript.push({ kind: 'ready', params: { fiscalDocumentNumber: 'many' } })
  server.onQuestion = (name) => {
    if (name === 'FnInfo' && server.done.length > 0) server.lastFd = LAST_FD
  }
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
  expect(await lookup()).toMatchObject({ kind: 'untellable' })
})
