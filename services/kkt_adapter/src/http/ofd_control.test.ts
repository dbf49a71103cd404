import { expect, test } from 'bun:test'
import { OFD_URL, problemOf, startApp } from '../testing/app_kit.ts'

const PATH = '/v1/kkt/_test/ofd'

function build(answer: (request: Request) => Response | Promise<Response>) {
  const asked: string[] = []
  const app = startApp({
    ofdControl: async (request) => {
      asked.push(`${request.method} ${request.url} ${await request.text()}`)
      return await answer(request)
    },
  })
  return { ...app, asked }
}

test('the switch is passed on to the test control of the OFD, and its answer is the answer', async () => {
  const { ask, asked } = build(() => Response.json({ permanent_failure: true, failure_count: 0 }))
  const body = JSON.stringify({ permanent_failure: true })
  const set = await ask('POST', PATH, { body })
  expect([set.status, set.json]).toEqual([200, { permanent_failure: true }])
  expect((await ask('GET', PATH)).json).toEqual({ permanent_failure: true })
  const control = `${OFD_URL}ofd/v1/_test/config`
  expect(asked).toEqual([`POST ${control} ${body}`, `GET ${control} `])
})

test.each<[string, () => Response]>([
  ['has no test control', () => new Response('no such page', { status: 404 })],
  ['answers something else', () => Response.json({ ok: true })],
  ['answers no JSON', () => new Response('<html>')],
  ['fails', () => Response.json({ permanent_failure: true }, { status: 500 })],
])('an OFD that %s is a 502 that says so', async (_name, answer) => {
  const { ask } = build(answer)
  const { status, json } = await ask('GET', PATH)
  expect([status, problemOf(json).code]).toEqual([502, 'ofd_control_unavailable'])
})

test('a redirect of the OFD is not followed: it may lead to another service of this network', async () => {
  const redirects: string[] = []
  const { ask } = build(({ redirect }) => {
    redirects.push(redirect)
    return Response.redirect('http://127.0.0.1/', 307)
  })
  expect((await ask('GET', PATH)).status).toBe(502)
  expect(redirects).toEqual(['manual'])
})

test('an OFD that does not answer is a 502 after 3 s', async () => {
  const { ask, clock } = build(
    ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const answering = ask('GET', PATH)
  await clock.advance(3000)
  expect((await answering).status).toBe(502)
})

test('another field is refused, and nothing is passed on', async () => {
  const { ask, asked } = build(() => Response.json({}))
  const { status, json } = await ask('POST', PATH, { body: JSON.stringify({ permanent_failure: true, delay: 1 }) })
  expect([status, problemOf(json).code, asked]).toEqual([422, 'invalid_body', []])
})

test('without test control it is not there', async () => {
  expect((await startApp({ hasTestControl: false }).ask('GET', PATH)).status).toBe(404)
})
