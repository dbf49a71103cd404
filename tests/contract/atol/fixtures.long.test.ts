import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import type { TaskResult } from './answers.ts'
import { DIFFERENCES } from './fixtures/differences.ts'
import type { Done, Fixture, Refused } from './fixtures/fixture.ts'
import { OTHERS } from './fixtures/others.ts'
import { RECEIPTS } from './fixtures/receipts.ts'
import { REFUSALS } from './fixtures/refusals.ts'
import { newServer } from './server.ts'
import { fnDocument, fnStatus } from './state_answers.ts'
import { type Client, checked, clientOf } from './wire.ts'

const TABLES: Readonly<Record<string, readonly Fixture[]>> = { RECEIPTS, OTHERS, DIFFERENCES, REFUSALS }

for (const [name, fixtures] of Object.entries(TABLES))
  describe(`${name}: the register`, () => {
    const tried = fixtures.map((fixture) => ({ says: fixture.says, fixture }))
    test.each(tried)('$says', async ({ fixture }) => {
      const { before = [], task, answer, taxationSystems } = fixture
      const client = clientOf(newServer(taxationSystems ? { taxationSystems } : {}))
      for (const earlier of before) await client.done(earlier)
      const fdBefore = await lastFd(client)
      const result = await client.run(task)
      if (answer.status === 'error') return expectRefused(result, answer, [fdBefore, await lastFd(client)])
      await expectDone(client, result, answer)
    })
  })

const made = z.looseObject({ fiscalParams: z.looseObject({ fiscalDocumentNumber: z.int() }) })

async function expectDone(client: Client, given: TaskResult, { schema, has, tags }: Done): Promise<void> {
  expect(given).toMatchObject({ status: 'ready' })
  const { result } = given
  if (schema) expect(schema.safeParse(result).error?.message).toBeUndefined()
  else if (!has && !tags) expect(result ?? null).toBeNull()
  if (has) expect(result).toMatchObject({ ...has })
  if (!tags) return
  const { fiscalDocumentNumber } = made.parse(result).fiscalParams
  const read = await client.done({ type: 'getFnDocument', fiscalDocumentNumber })
  expect(fnDocument.parse(read.result).documentTLV).toMatchObject({ ...tags })
}

function expectRefused(given: TaskResult, { codes, at }: Refused, [before, after]: readonly number[]): void {
  expect(given.status).toBe('error')
  const { code, description } = z.looseObject({ code: z.int(), description: z.string() }).parse(given.error)
  expect(codes).toContain(code)
  if (at) expect(description).toMatch(at)
  expect(after).toBe(before)
}

async function lastFd(client: Client): Promise<number> {
  const answer = await client.post('/api/v2/operations/queryFnStatus')
  return checked(answer, 200, fnStatus).fnStatus.fiscalDocumentNumber
}
