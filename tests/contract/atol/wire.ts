import { randomUUID } from 'node:crypto'
import type { TestClock } from '@kkt/platform/testing.ts'
import type { z } from 'zod'
import { requestAdded, requestResult, type TaskResult } from './answers.ts'
import type { Task } from './fixtures/fixture.ts'
import { type Account, API, type Asked } from './routes/route.ts'

/** A server of the wire, in this process. */
export type Server = {
  handle: (request: Request) => Promise<Response>
  clock: TestClock
  login: string
  password: string
  /** The path of the tests' side. */
  control: string
}

export type Told = { status: number; body: unknown }

const POLL_MS = 250
/** A Z report takes up to 30 s, a marking check 60. */
const LONGEST_TASK_MS = 90_000
const UNFINISHED = ['wait', 'inProgress']

/** A client of one server. Time passes only while it polls. */
export function clientOf({ handle, clock, login, password, control }: Server) {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  const headersOf: Readonly<Record<Account, Record<string, string>>> = {
    right: basic(`${login}:${password}`),
    wrong: basic(`${login}:another-${password}`),
    none: {},
  }

  async function ask({ method, path, as = 'right', body }: Asked): Promise<Told> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const headers = { ...headersOf[as], ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const answer = await handle(new Request(`http://localhost${path}`, { method, headers, ...init }))
    return { status: answer.status, body: jsonOrText(await answer.text()) }
  }

  const post = (path: string, body?: unknown) => ask({ method: 'POST', path, body })
  const get = (path: string) => ask({ method: 'GET', path })

  async function results(uuid: string): Promise<TaskResult[]> {
    return checked(await get(`${API}/requests/${uuid}`), 200, requestResult).results
  }

  /** Puts tasks into the queue. */
  async function submit(tasks: readonly Task[], uuid: string = randomUUID()): Promise<string> {
    checked(await post(`${API}/requests`, { uuid, request: tasks }), 201, requestAdded)
    return uuid
  }

  /** Lets time pass until no task of the request waits or runs. */
  async function finish(uuid: string): Promise<TaskResult[]> {
    for (let waitedMs = 0; waitedMs <= LONGEST_TASK_MS; waitedMs += POLL_MS) {
      const now = await results(uuid)
      if (now.every(({ status }) => !UNFINISHED.includes(status))) return now
      await clock.advance(POLL_MS)
    }
    throw new Error(`request ${uuid} has not ended in ${LONGEST_TASK_MS} ms: ${JSON.stringify(await results(uuid))}`)
  }

  async function run(task: Task): Promise<TaskResult> {
    const [result] = await finish(await submit([task]))
    if (!result) throw new Error(`no result of ${JSON.stringify(task)}`)
    return result
  }

  /** @throws Error unless the task ends as ready */
  async function done(task: Task): Promise<TaskResult> {
    const result = await run(task)
    if (result.status !== 'ready') throw new Error(`${JSON.stringify(task)} ended as ${JSON.stringify(result)}`)
    return result
  }

  return {
    ask,
    post,
    get,
    results,
    submit,
    finish,
    run,
    done,
    remove: (uuid: string) => ask({ method: 'DELETE', path: `${API}/requests/${uuid}` }),
    settings: (settings: object) => ask({ method: 'PUT', path: `${API}/settings`, body: settings }),
    fail: async (faults: object) => {
      const { status, body } = await post(`${control}/config`, faults)
      if (status !== 200) throw new Error(`${JSON.stringify(faults)}: ${status} ${JSON.stringify(body)}`)
    },
    /** Ends all faults and forgets everything. */
    reset: () => post(`${control}/reset`),
    advance: (ms: number) => clock.advance(ms),
  }
}
export type Client = ReturnType<typeof clientOf>

/** @throws Error with the whole answer when its status or body is not the expected one */
export function checked<T>({ status, body }: Told, expected: number, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body)
  if (status === expected && parsed.success) return parsed.data
  const why = status === expected ? parsed.error?.message : `it is not ${expected}`
  throw new Error(`unexpected answer ${status} ${JSON.stringify(body)}: ${why}`)
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
