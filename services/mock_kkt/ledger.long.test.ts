/** The requests as a file carries them into another service. */
import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { buildWhole, TASK_MS, uuidOf } from './testing/service.ts'

const exported = z.looseObject({
  ledger: z.object({
    requests: z.tuple([z.looseObject({ uuid: z.string() }), z.looseObject({ uuid: z.string() })]),
  }),
})

/** The state of a service that has done its first request, and not its second. */
async function stateOfTwo() {
  const { post, ask, advance } = buildWhole()
  await post(1)
  await advance(TASK_MS)
  await post(2)
  const { body } = await ask('GET', '/_test/export')
  const state = exported.parse(body)
  const [ended, open] = state.ledger.requests
  return { ended, open, withRequests: (...requests: object[]) => ({ ...state, ledger: { requests } }) }
}

describe('a file of requests that contradicts itself is 422, names the field, and changes nothing', () => {
  test.each<[string, (state: Awaited<ReturnType<typeof stateOfTwo>>) => object, string]>([
    [
      'one that has ended and is still in the queue',
      ({ ended, open, withRequests }) => withRequests({ ...ended, endedAtMs: null }, open),
      '/ledger/requests/0/endedAtMs',
    ],
    [
      'one that has ended before its tasks have',
      ({ ended, open, withRequests }) => withRequests(ended, { ...open, endedAtMs: 1 }),
      '/ledger/requests/1/endedAtMs',
    ],
    [
      'two of one uuid',
      ({ ended, open, withRequests }) => withRequests(ended, { ...open, uuid: ended.uuid }),
      '/ledger/requests/1/uuid',
    ],
  ])('%s', async (_what, wrong, pointer) => {
    const { ask, post, advance, statuses } = buildWhole()
    await post(7)
    await advance(TASK_MS)
    const { status, body } = await ask('POST', '/_test/import', wrong(await stateOfTwo()))
    expect([status, body]).toMatchObject([422, { code: 'invalid_body', errors: [{ pointer }] }])
    expect(await statuses(7)).toEqual(['ready'])
  })

  test('as it was exported it is taken', async () => {
    const { ask, statuses } = buildWhole()
    const { ended, open, withRequests } = await stateOfTwo()
    expect((await ask('POST', '/_test/import', withRequests(ended, open))).status).toBe(200)
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['blocked']])
    expect(open.uuid).toBe(uuidOf(2))
  })
})
