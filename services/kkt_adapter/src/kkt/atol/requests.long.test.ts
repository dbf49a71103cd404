import { expect, test } from 'bun:test'
import { createKeptLog } from '@kkt/fault-kit/testing.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { ACCOUNT } from '../../testing/atol_server.ts'
import { createAtolClient } from './client.ts'
import { createRequests } from './requests.ts'

const LIMIT_MS = 5000
const QUESTION = [{ type: 'getRegistrationInfo' }]

/** Requests to a service that never answers those of one kind. */
function requestsWithout(method: string) {
  const clock = new TestClock()
  const sent: string[] = []
  const send = async (request: Request): Promise<Response> => {
    sent.push(request.method)
    const never = new Promise<Response>((_, reject) =>
      request.signal.addEventListener('abort', () => reject(request.signal.reason)),
    )
    return request.method === method ? await never : Response.json({}, { status: 201 })
  }
  const client = createAtolClient({ url: 'http://kkt.test:16732', ...ACCOUNT, device: null, clock, send })
  const requests = createRequests({ client, clock, logger: createKeptLog().logger, newUuid: () => 'a' })
  return { clock, sent, requests }
}

test.each(['POST', 'GET'])('a question takes its time and no more where a %s gets no answer', async (method) => {
  const { clock, sent, requests } = requestsWithout(method)
  const read = requests.read(QUESTION, LIMIT_MS).then((end) => ({ end, atMs: clock.monotonicMs() }))
  await clock.advance(4 * LIMIT_MS)
  expect(await read).toMatchObject({ end: { kind: 'open' }, atMs: LIMIT_MS })
  expect(sent).toEqual(method === 'POST' ? ['POST', 'DELETE'] : ['POST', 'GET', 'DELETE'])
})
