/** Runs a table of requests against a service, and compares the answers with the service's OpenAPI document. */
import { describe, expect, test } from 'bun:test'
import { COMMON_PROBLEMS, type CommonCode } from '@kkt/platform/docs/book.ts'
import { MAX_READERS } from '@kkt/platform/hub.ts'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { groupBy } from '../group_by.ts'
import {
  bodyLimitOf,
  createChecker,
  type ExampleRequest,
  examplesOf,
  type OpenApi,
  type Outcome,
  outcomesOf,
  undescribed,
} from './contract.ts'

/** Sends a request to a fresh service. */
export type Send = (method: string, path: string, init?: RequestInit) => Promise<Response>
/** A service in which an example finds what it asks about. */
export type Ready = {
  send: Send
  /** Values of the path's parameters that lead to something; others are as in the example. */
  parameters?: Record<string, string>
}
/** Provokes one outcome of one route. */
export type Provoke = () => Promise<Response>
export type Table = Readonly<Record<string, Readonly<Record<string, Provoke>>>>

type Contract = {
  api: OpenApi
  /** Prepares a fresh service for a route's examples. */
  ready: (route: string) => Promise<Ready>
  /** By route, and by code or status: the outcomes that neither an example nor bad input leads to. */
  table: Table
}

/** Outcomes that no request of these tests leads to, and the test that does. */
export const EXCUSED: Readonly<Partial<Record<CommonCode, string>>> = {
  malformed_request: 'the listener answers it before a route is known: services/platform/listener/reader.test.ts',
  head_too_large: 'the listener answers it before a route is known: services/platform/listener/limits.long.test.ts',
  too_slow: 'the listener answers it before a route is known: services/platform/listener/limits.long.test.ts',
  too_many_connections:
    'the listener answers it before a route is known: services/platform/listener/limits.long.test.ts',
  too_many_bodies: 'the listener answers it before a route is known: services/platform/listener/limits.long.test.ts',
  unknown_host: 'it is answered in front of the routes: services/platform/doors.test.ts',
  foreign_origin: 'it is answered in front of the routes: services/platform/doors.test.ts',
  internal_error: 'only a defect leads to it: services/platform/error_answers.test.ts',
}

const pathOf = ({ path, parameters, query }: ExampleRequest, known: Record<string, string> = {}) => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? parameters[name] ?? 'x')
  return query === '' ? filled : `${filled}?${query}`
}

const sendExample = ({ send, parameters }: Ready, request: ExampleRequest) =>
  send(request.method, pathOf(request, parameters), {
    headers: request.headers,
    ...(request.body !== undefined && { body: request.body }),
  })

const BLANKS = new Uint8Array(1024 * 1024).fill(0x20)

/** A body of so many blanks. It comes in pieces, because making the largest in one took longer than all else here. */
function blanks(bytes: number) {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      const piece = BLANKS.subarray(0, left)
      left -= piece.length
      if (piece.length > 0) controller.enqueue(piece)
      else controller.close()
    },
  })
}

/** Bad input of each kind. The rest of the request is as in the route's example. */
function badInput(api: OpenApi, route: string): Partial<Record<CommonCode, (ready: Ready) => Promise<Response>>> {
  const [example] = examplesOf(api, route)
  const withBody = (body: NonNullable<RequestInit['body']>) => (ready: Ready) =>
    ready.send(example.method, pathOf(example, ready.parameters), { headers: example.headers, body })
  const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error('it breaks off')) })
  return {
    malformed_json: withBody('{'),
    not_utf8: withBody(new Uint8Array([0x22, 0xff, 0x22])),
    malformed_body: (ready) => withBody(broken())(ready),
    body_too_large: (ready) => withBody(blanks(bodyLimitOf(api, route) + 1))(ready),
    invalid_body: withBody('[]'),
    invalid_params: ({ send }) => {
      const wrong = Object.fromEntries(Object.keys(example.parameters).map((name) => [name, 'x'.repeat(200)]))
      return send(example.method, pathOf(example, wrong), {
        headers: example.headers,
        ...(example.body !== undefined && { body: example.body }),
      })
    },
    invalid_query: ({ send }) => send(example.method, `${pathOf({ ...example, query: '' })}?limit=none`),
    invalid_headers: ({ send, parameters }) => {
      const headers = Object.fromEntries(Object.keys(example.headers).map((name) => [name, '"']))
      return send(example.method, pathOf(example, parameters), {
        headers,
        ...(example.body !== undefined && { body: example.body }),
      })
    },
  }
}

/** Defines the tests of one service's document. */
export function keepsContract({ api, ready, table }: Contract): void {
  const checker = createChecker(api)
  const outcomes = outcomesOf(api)
  const excused = Object.keys(EXCUSED)
  /** By route: the service that gets all of its bad input, which changes nothing. Making one takes longer than asking it. */
  const spoilt = new Map<string, Promise<Ready>>()
  const readyForBadInput = (route: string): Promise<Ready> => {
    const known = spoilt.get(route) ?? ready(route)
    spoilt.set(route, known)
    return known
  }

  const provocation = ({ route, outcome, status }: Outcome): Provoke | undefined => {
    const own = table[route]?.[outcome]
    if (own) return own
    const bad = Object.hasOwn(COMMON_PROBLEMS, outcome) ? badInput(api, route)[outcome as CommonCode] : undefined
    if (bad) return async () => bad(await readyForBadInput(route))
    if (outcome !== String(status) || status >= 300) return undefined
    return async () => sendExample(await ready(route), examplesOf(api, route)[0])
  }

  test('has a description of each field and of each parameter', () => expect(undescribed(api)).toEqual([]))

  test('has examples that fit the schemas beside them', () => expect(checker.wrongExamples()).toEqual([]))

  test('names no outcome that nothing provokes, and the table has no other', () => {
    const open = outcomes.filter((one) => !excused.includes(one.outcome) && provocation(one) === undefined)
    expect(open.map(({ route, outcome }) => `${route}: ${outcome}`)).toEqual([])
    const named = outcomes.map(({ route, outcome }) => `${route}: ${outcome}`)
    const tried = Object.entries(table).flatMap(([route, own]) =>
      Object.keys(own).map((outcome) => `${route}: ${outcome}`),
    )
    expect(tried.filter((one) => !named.includes(one))).toEqual([])
  })

  describe('accepts each example of a request', () => {
    const requests = [...new Set(outcomes.map(({ route }) => route))].flatMap((route) =>
      examplesOf(api, route)
        .map((request, i) => [`${route}, example ${i + 1}`, route, request] as const)
        // The first also is what leads to the route's first outcome.
        .slice(LONG ? 0 : 1),
    )
    test.each(requests)('%s', async (_title, route, request) => {
      const response = await sendExample(await ready(route), request)
      expect(response.status, response.ok ? '' : await response.text()).toBeLessThan(300)
      await response.body?.cancel()
    })
  })

  describe(`answers as it says (SEED=${SEED})`, () => {
    const all = outcomes.filter(({ outcome }) => !excused.includes(outcome))
    const tried = LONG ? all : someOf(all)
    test.each(tried.map((one) => [`${one.route}: ${one.outcome}`, one] as const))('%s', async (_title, outcome) => {
      const response = await provocation(outcome)?.()
      if (!response) throw new Error('nothing provokes it')
      const [mediaType] = (response.headers.get('content-type') ?? '').split(';')
      expect([response.status, mediaType ?? '']).toEqual([outcome.status, outcome.mediaType])
      const body = mediaType?.includes('json') ? await response.json() : await firstText(response)
      expect(checker.misfits(outcome, body)).toEqual([])
      if (mediaType === 'application/problem+json') expect(body).toMatchObject({ code: outcome.outcome })
    })
  })
}

/** The first outcome of each route, and a route of each outcome: the others of it mostly go the same way through the service. */
function someOf(all: readonly Outcome[]): readonly Outcome[] {
  const draw = seededRandom()
  const ofEachKind = [...groupBy(all, ({ outcome }) => [outcome]).values()].map((same) => same[draw(same.length)])
  const firsts = [...groupBy(all, ({ route }) => [route]).values()].map(([first]) => first)
  const chosen = new Set([...firsts, ...ofEachKind])
  return all.filter((one) => chosen.has(one))
}

/** Opens streams until one is refused. @returns the refusal */
export async function tooManyReadersOf(send: Send, path: string): Promise<Response> {
  const streams: Response[] = []
  for (;;) {
    const response = await send('GET', path)
    if (!response.ok) {
      for (const { body } of streams) await body?.cancel()
      return response
    }
    if (streams.push(response) > MAX_READERS) throw new Error('every reader is taken')
  }
}

/** The beginning of a body that may never end. */
async function firstText({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  const { value = '' } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return value
}
