import { describe, expect, test } from 'bun:test'
import { FN, ID, inTag, OF_CARD, OTHER_FN, OTHER_ID, SALE_OF_100 } from '../../testing/atol_answers.ts'
import { atolKit, NEVER_CAME, SOLD, TOKEN } from '../../testing/atol_driver.ts'
import { LAST_FD } from '../../testing/atol_server.ts'
import { content, freshKey } from '../../testing/kit.ts'
import { requestUuid } from './requests.ts'

const OWN_TAG = { ...SOLD, userAttribute: { name: 'Карта', value: '17' } }
const FD = LAST_FD + 1
const LOST = ['lost_after', 'lost_after', 'lost_after'] as const
const found = (more: object = {}) => ({ kind: 'found', doc: { fdNumber: FD, fnNumber: FN }, ...more })

describe('a receipt that the register was never asked for', () => {
  test('is absent in the FN that is there', async () => {
    const { lookup } = atolKit()
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
  })

  test('is unknown while the register does not answer', async () => {
    const { lookup, server } = atolKit()
    server.isSilent = true
    expect(await lookup()).toMatchObject({ kind: 'unknown' })
  })
})

describe('a receipt whose request the service forgot', () => {
  test('invariant 2: is found in the FN by its id, among others of the same sum', async () => {
    const { fiscalize, lookup, server, log } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(SOLD)
    server.file({ ...SALE_OF_100, ...inTag(OTHER_ID) })
    server.file(SALE_OF_100)
    server.forget()
    expect(await lookup()).toMatchObject(found({ paper: 'printed', doc: { totalKopecks: 10_000 } }))
    expect(log.text()).toContain('kkt_document_found')
  })

  test('is on paper only after the register has finished its last document', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(SOLD)
    server.forget()
    expect(await lookup()).toMatchObject(found({ paper: 'missing' }))
  })

  test('tells of the shift that was opened for it', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await fiscalize(SOLD)
    server.file({ '1038': 13 }, { fiscalDocumentType: 'openShift' })
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    expect(await lookup()).toMatchObject({ kind: 'found', shiftOpened: { fdNumber: FD, shiftNumber: 13 } })
  })

  test('invariant 2: is absent where the FN holds none, and is asked for again under the same uuid, which may still come', async () => {
    const { fiscalize, lookup, server, attempts } = atolKit()
    server.postScript.push(...NEVER_CAME)
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'unknown' })
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
    expect(new Set(server.posts.map(({ uuid }) => uuid))).toEqual(new Set([requestUuid(ID, 1)]))
    expect(attempts.of(ID)).toHaveLength(1)
  })

  test('invariant 3: is left to an operator where several documents may be it, and is made when that says that none is', async () => {
    const { attempts, fiscalize, lookup, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await fiscalize(OWN_TAG)
    for (const total of [100, 100]) server.file({ ...SALE_OF_100, '1020': total, ...OF_CARD })
    const several = {
      kind: 'untellable',
      fnNumber: FN,
      reason: expect.stringMatching(/FD 71 of .*100\.00.*; FD 72 of/),
    }
    expect(await lookup()).toMatchObject(several)
    expect(await fiscalize(OWN_TAG)).toMatchObject({ kind: 'unknown', reason: several.reason })
    expect(server.done).toEqual([])
    attempts.tellNotMade(ID)
    expect(await fiscalize(OWN_TAG)).toMatchObject({ kind: 'done', doc: { fdNumber: FD + 2 } })
    expect(server.posts.at(-1)?.uuid).toBe(requestUuid(ID, 2))
  })

  test('is found where one document may be it', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(OWN_TAG)
    server.file(SALE_OF_100)
    server.forget()
    expect(await lookup()).toMatchObject(found())
  })

  test('invariant 3: is left to an operator where a document of the FN cannot be read, unless another one is certain', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(SOLD)
    server.forget()
    server.documents.clear()
    expect(await lookup()).toMatchObject({ kind: 'untellable', reason: expect.stringContaining(`document ${FD}`) })
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: FD + 1 } })
  })

  test.each([
    ['has no paper', 44],
    ['is busy', 55],
  ])(
    'invariant 3: is unknown while the register %s and therefore reads no document (%i), and is found later',
    async (_, code) => {
      const { fiscalize, lookup, server } = atolKit()
      server.postScript.push('lost_after', ...LOST)
      await fiscalize(SOLD)
      server.forget()
      const documents = new Map(server.documents)
      Object.assign(server, { documents: new Map(), documentError: code })
      expect(await lookup()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(`document ${FD}`) })
      Object.assign(server, { documents })
      expect(await lookup()).toMatchObject(found())
    },
  )

  test('is looked for on more pages than one', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await fiscalize(SOLD)
    for (let documents = 0; documents < 45; documents++) server.file(SALE_OF_100)
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fdNumber: LAST_FD + 46 } })
  })
})

describe('a receipt whose FN was replaced', () => {
  test('invariant 2: is absent in the other FN, and is asked for by another attempt where it is wanted there', async () => {
    const { fiscalize, lookup, server, attempts } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(SOLD)
    server.forget()
    server.swapFn(OTHER_FN)
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: OTHER_FN })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fnNumber: OTHER_FN, fdNumber: 2 } })
    expect(attempts.of(ID)).toMatchObject([{ fnNumber: FN }, { fnNumber: OTHER_FN, lastFdNumber: 1 }])
  })

  test('invariant 2: is found in the other FN by its id, where its request waited in the queue meanwhile', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await fiscalize(SOLD)
    server.swapFn(OTHER_FN)
    server.file({ ...SALE_OF_100, ...inTag(OTHER_ID) })
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    server.file(SALE_OF_100)
    expect(await lookup()).toMatchObject({ kind: 'found', doc: { fnNumber: OTHER_FN, fdNumber: 3 } })
    expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fnNumber: OTHER_FN, fdNumber: 3 } })
    expect(server.done).toEqual([])
  })

  test('is not taken for a document of the other FN with the same number', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.postScript.push(...LOST)
    await fiscalize(OWN_TAG)
    server.forget()
    server.swapFn(OTHER_FN)
    server.lastFd = LAST_FD
    server.file({ ...SALE_OF_100, ...OF_CARD })
    expect(await lookup()).toEqual({ kind: 'absent', fnNumber: OTHER_FN })
  })

  test('does not get its shift from the other FN', async () => {
    const { fiscalize, lookup, server } = atolKit()
    const params = { fnNumber: FN, fiscalDocumentNumber: FD + 1, shiftNumber: 0 }
    const made = { kind: 'ready', params, warnings: { shiftAutoOpened: true } } as const
    server.endScript.push({ kind: 'blocked', times: 25, next: made })
    await fiscalize(SOLD)
    server.swapFn(OTHER_FN)
    server.lastFd = LAST_FD
    for (const fiscalDocumentType of ['openShift', 'receipt']) server.file({ '1038': 3 }, { fiscalDocumentType })
    const lookedUp = await lookup()
    expect(lookedUp).toMatchObject({ kind: 'found', doc: { fnNumber: FN, shiftNumber: 0 } })
    expect(lookedUp).not.toHaveProperty('shiftOpened')
  })

  test('is found where the service still knows its request', async () => {
    const { fiscalize, lookup, server } = atolKit()
    server.endScript.push({
      kind: 'blocked',
      times: 25,
      next: { kind: 'ready', params: { fnNumber: FN, shiftNumber: 0 } },
    })
    await fiscalize(SOLD)
    server.swapFn(OTHER_FN)
    expect(await lookup()).toMatchObject(found())
  })
})

describe('a receipt that was not made', () => {
  test.each(['interrupted', 'canceled'] as const)(
    'because its request was %s is asked for by the next attempt',
    async (kind) => {
      const { fiscalize, lookup, server } = atolKit()
      server.endScript.push({ kind })
      expect(await fiscalize(SOLD)).toMatchObject({ kind: 'refused', isLasting: false })
      expect(await lookup()).toEqual({ kind: 'absent', fnNumber: FN })
      expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done' })
      expect(server.posts.map(({ uuid }) => uuid)).toEqual([requestUuid(ID, 1), requestUuid(ID, 2)])
    },
  )
})

test('invariant 3: another process with the same journal finds what an earlier one asked for, and asks for nothing', async () => {
  const { driver, start, ended, server, clock } = atolKit()
  const sold = { ...content(), ...SOLD }
  server.endScript.push({ kind: 'inProgress', times: 3, next: { kind: 'ready' } })
  void driver.fiscalize([{ id: ID, key: freshKey(), content: sold }], TOKEN)
  await clock.advance(300)
  driver.close()
  const next = start()
  expect(await ended(next.lookup(ID, TOKEN))).toMatchObject(found())
  const [again] = await ended(next.fiscalize([{ id: ID, key: freshKey(), content: sold }], TOKEN))
  expect(again).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
  expect(server.posts).toHaveLength(1)
})

test('invariant 2: a journal that forgot the attempt finds the document by the uuid, because the service knows it', async () => {
  const { fiscalize, attempts, server } = atolKit()
  await fiscalize(SOLD)
  attempts.forget()
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
  expect(server.done).toEqual(['sell'])
})

test('a result in a form that is not known is settled by the FN', async () => {
  const { fiscalize, server } = atolKit()
  server.endScript.push({ kind: 'ready', params: { fiscalDocumentNumber: 'many' } })
  expect(await fiscalize(SOLD)).toMatchObject({ kind: 'done', doc: { fdNumber: FD } })
})
