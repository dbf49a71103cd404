import { describe, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { receiptResult, type TaskResult } from './answers.ts'
import { ERRORS, type Fiscalised } from './errors.ts'
import { SALE } from './fixtures/fixture.ts'
import { newServer } from './server.ts'
import { fnStatus } from './state_answers.ts'
import { type Client, clientOf } from './wire.ts'

const lastFd = async (client: Client) =>
  fnStatus.parse((await client.done({ type: 'getFnStatus' })).result).fnStatus.fiscalDocumentNumber
const codesOf = (...which: readonly Fiscalised[]) =>
  ERRORS.filter(({ fiscalised }) => which.includes(fiscalised)).flatMap(({ codes }) => codes)

const PLACES = ['open', 'position', 'close'] as const

/** In the short form each code is tried in one of several ways, drawn by the seed. */
const isTried = (code: number, way: number, ways: number): boolean => LONG || (code + SEED) % ways === way

/** A register whose shift is open, and whose next task fails. */
async function failing(faults: object): Promise<{ client: Client; end: TaskResult }> {
  const client = clientOf(newServer())
  await client.done({ ...SALE })
  await client.fail(faults)
  return { client, end: await client.run(SALE) }
}

describe(`an error of the table (SEED=${SEED})`, () => {
  test('is in one row', () => {
    const codes = ERRORS.flatMap((row) => row.codes)
    expect(codes).toEqual([...new Set(codes)])
  })

  describe.each(PLACES.map((at, way) => ({ at, way })))('at $at', ({ at, way }) => {
    const codes = codesOf('no', 'look').filter((code) => isTried(code, way, PLACES.length))
    test.each(codes)('%p leaves no document, and the next sale is made', async (code) => {
      const { client, end } = await failing({ task_error: { code, at, times: 1 } })
      expect(end).toMatchObject({ status: 'error', error: { code } })
      expect(await lastFd(client)).toBe(3)
      const next = await client.done(SALE)
      expect(receiptResult.parse(next.result).fiscalParams.fiscalDocumentNumber).toBe(4)
    })
  })
})

describe(`a connection that breaks while a document is closed (SEED=${SEED})`, () => {
  const cases = codesOf('unknown').flatMap((code) =>
    [true, false].filter((_made, way) => isTried(code, way, 2)).map((made) => ({ code, made })),
  )
  test.each(cases)('($code) leaves it unknown, whether it was made: $made', async ({ code, made }) => {
    const { client, end } = await failing({ blocked: { code, made, seconds: 20, times: 1 } })
    expect(end).toMatchObject({ status: 'blocked', error: { code } })
    await client.advance(30_000)
    expect(await lastFd(client)).toBe(made ? 4 : 3)
  })
})
