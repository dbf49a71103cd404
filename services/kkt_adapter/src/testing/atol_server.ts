/** A register's service as the wire's description has it, for tests of the driver. It goes by a script. */
import { z } from 'zod'
import {
  AT,
  deviceInfo,
  deviceStatus,
  exchangeStatus,
  FN,
  failed,
  fnInfo,
  fnStatus,
  INTERRUPTED,
  ready,
  registrationInfo,
  shiftStatus,
  shiftTotalsAfter,
} from './atol_answers.ts'

export const ACCOUNT = { login: 'kkt', password: 'Secret-register-1' }
/** The FN's last document before a test. */
export const LAST_FD = 70

/** The way of the next POST of a task that is done at the register: lost before it is queued, or after; answered in another way. */
type PostScript = 'lost_before' | 'lost_after' | 'forgotten' | 'not_sent' | { status: number; body?: object }

/** The end of the next such task. `makes`: the FN holds its document all the same. */
export type EndScript =
  | { kind: 'ready'; params?: object; warnings?: object }
  | { kind: 'error'; code: number; description?: string; makes?: boolean }
  | { kind: 'interrupted' | 'canceled' }
  /** It is told so often, before it ends. */
  | { kind: 'wait' | 'inProgress' | 'blocked'; times: number; next: EndScript; description?: string }

const task = z.looseObject({
  type: z.string(),
  total: z.number().optional(),
  fiscalDocumentNumber: z.number().optional(),
  items: z.array(z.looseObject({ type: z.string() })).optional(),
})
type TestTask = z.infer<typeof task>
const posted = z.object({ uuid: z.string(), request: z.array(task) })

const MAKES: Readonly<Record<string, string>> = {
  sell: 'receipt',
  sellReturn: 'receipt',
  openShift: 'openShift',
  closeShift: 'closeShift',
}
/** They are done at the register, and the script is about them. */
const isScripted = ({ type }: TestTask) => type in MAKES || /^(cash|reportX|print|continue)/.test(type)
const json = (status: number, body: object) => Response.json(body, { status })
const broken = (code: string) => Object.assign(new Error('The socket broke'), { code })

type TestEntry = { status: string; error: object | null; result: object | null }

type End = { script: EndScript; told: number; fd: number | null }

export function atolServer() {
  const requests = new Map<string, { tasks: TestTask[]; ends: End[] }>()
  const server = {
    fnNumber: FN,
    lastFd: LAST_FD,
    shift: shiftStatus(),
    documents: new Map<number, object>(),
    /** The error of a question for a document that is not among them. */
    documentError: 123,
    /** The types of the tasks that were begun, in order, but reading ones. */
    done: [] as string[],
    posts: [] as { uuid: string; type: string; body: string }[],
    postScript: [] as PostScript[],
    endScript: [] as EndScript[],
    isSilent: false,
    /** Queries that the service does not answer with 200. */
    queryStatus: 200,
    isBlocked: false,
    /** The queue stands still before tasks that only read. */
    isStuck: false,
    /** It says 404 of a request that it has, but of a question. */
    isHiding: false,
    /** Its answer to a client that takes a request out of the queue: 409 of one that has begun. */
    cancelStatus: 200,
    canceled: [] as string[],
    /** The KKT was registered so often, and with these systems. */
    registrations: 1,
    systems: ['osn', 'usnIncome'],
    /** The types of the tasks that only read, in order. */
    asked: [] as string[],
    redirects: new Set<string>(),
    authorizations: new Set<string | null>(),
    urls: [] as string[],
    shiftTotals: (): object => shiftTotalsAfter(server.done),
    /** Called with the name of each query and of each reading task, before it is answered. */
    onQuestion: (_name: string): void => undefined,
    /** Deletes results. */
    forget: () => requests.clear(),
    /** Puts a document into the FN, as another program or an earlier request does. */
    file(tags: object, more: object = {}): number {
      server.lastFd += 1
      server.documents.set(server.lastFd, {
        fiscalDocumentType: 'receipt',
        short: false,
        documentTLV: { '1012': AT, '1040': server.lastFd, '1038': 12, '1042': 7, '1077': '31045911999C', ...tags },
        ...more,
      })
      return server.lastFd
    },
    swapFn: (fnNumber: string): void => void Object.assign(server, { fnNumber, lastFd: 1, documents: new Map() }),
    send,
  }

  function fileFor(one: TestTask): number | null {
    const fiscalDocumentType = MAKES[one.type]
    if (fiscalDocumentType === undefined) return null
    const own = one.items?.find(({ type }) => type === 'userAttribute')
    const ofSale = {
      '1054': one.type === 'sellReturn' ? 2 : 1,
      '1020': one.total,
      '1084': own && { '1085': own['name'], '1086': own['value'] },
    }
    return server.file(fiscalDocumentType === 'receipt' ? ofSale : {}, { fiscalDocumentType })
  }

  function begin(one: TestTask) {
    if (!isScripted(one)) {
      server.asked.push(one.type)
      return { script: { kind: 'ready' as const }, told: 0, fd: null }
    }
    server.done.push(one.type)
    const script = server.endScript.shift() ?? { kind: 'ready' }
    return { script, told: 0, fd: makes(script) ? fileFor(one) : null }
  }

  function readingOf(one: TestTask): TestEntry {
    if (server.isStuck) return { status: 'wait', error: null, result: null }
    server.onQuestion(one.type)
    if (one.type === 'getRegistrationInfo') return ready(registrationInfo({ taxationTypes: server.systems }))
    const document = server.documents.get(one.fiscalDocumentNumber ?? 0)
    return document ? ready(document) : failed(server.documentError)
  }

  /** The result of a task that the register has done. */
  function resultOf(
    one: TestTask,
    fd: number | null,
    { params, warnings = {} }: { params?: object; warnings?: object },
  ) {
    if (fd === null) return { counters: { cashSum: 1345 } }
    const { fnNumber } = server
    const numbers = { fiscalDocumentNumber: fd, fiscalDocumentSign: '1494325660', fiscalDocumentDateTime: AT, fnNumber }
    return {
      fiscalParams: { ...numbers, fiscalReceiptNumber: 7, shiftNumber: 12, total: one.total, ...params },
      warnings,
    }
  }

  function entryOf(one: TestTask, end: End): TestEntry {
    if (!isScripted(one)) return readingOf(one)
    const { script, fd } = end
    if (script.kind === 'ready') return ready(resultOf(one, fd, script))
    if (script.kind === 'error') return failed(script.code, script.description)
    if ('next' in script) {
      end.told += 1
      if (end.told >= script.times) Object.assign(end, { script: script.next, told: 0 })
    }
    return {
      status: script.kind,
      error: script.kind === 'blocked' ? { code: 2, description: script.description ?? 'Нет связи' } : null,
      result: null,
    }
  }

  /** The first error interrupts the rest. */
  function resultsOf({ tasks, ends }: { tasks: TestTask[]; ends: End[] }): TestEntry[] {
    const entries = tasks.flatMap((one, index) => (ends[index] ? entryOf(one, ends[index]) : []))
    const first = entries.findIndex(({ status }) => status === 'error')
    return entries.map((one, index) => (first !== -1 && index > first ? INTERRUPTED : one))
  }

  function queue(uuid: string, tasks: TestTask[]): Response {
    if (requests.has(uuid)) return json(409, { error: { code: 409, description: 'уже есть' } })
    requests.set(uuid, { tasks, ends: tasks.map(begin) })
    return json(201, { number: 0, uuid, isBlocked: false, blockedUUID: '' })
  }

  async function post(request: Request): Promise<Response> {
    const body = await request.text()
    const { uuid, request: tasks } = posted.parse(JSON.parse(body))
    if (!tasks.some(isScripted)) return queue(uuid, tasks)
    server.posts.push({ uuid, type: tasks[0]?.type ?? '', body })
    const script = server.postScript.shift()
    if (script === 'not_sent') throw broken('ECONNREFUSED')
    if (script === 'lost_before') throw broken('ECONNRESET')
    if (typeof script === 'object') return json(script.status, script.body ?? {})
    const answer = queue(uuid, tasks)
    if (script === 'forgotten') server.forget()
    if (script === 'lost_after' || script === 'forgotten') throw broken('ECONNRESET')
    return answer
  }

  const answers: Readonly<Record<string, () => object>> = {
    DeviceInfo: deviceInfo,
    DeviceStatus: deviceStatus,
    ShiftStatus: () => server.shift,
    FnInfo: () => fnInfo({ serial: server.fnNumber, numberOfRegistrations: server.registrations }),
    FnStatus: () => ({ fnStatus: { ...fnStatus().fnStatus, fiscalDocumentNumber: server.lastFd } }),
    OfdExchangeStatus: () => ({ ofdExchangeStatus: exchangeStatus(), ofdExchangeErrors: {} }),
    ShiftTotals: () => server.shiftTotals(),
  }
  function queried(name: string): Response {
    server.onQuestion(name)
    return server.queryStatus === 200 ? json(200, answers[name]?.() ?? {}) : json(server.queryStatus, {})
  }

  function aboutRequest(method: string, uuid: string): Response {
    const known = requests.get(uuid)
    const isHidden = server.isHiding && method === 'GET' && known?.tasks.some(isScripted)
    if (known === undefined || isHidden) return json(404, { error: { code: 404, description: 'нет такого' } })
    if (method === 'GET') return json(200, { results: resultsOf(known) })
    if (server.cancelStatus === 200) server.canceled.push(uuid)
    return json(server.cancelStatus, {})
  }

  async function send(request: Request): Promise<Response> {
    server.authorizations.add(request.headers.get('authorization'))
    server.urls.push(request.url)
    server.redirects.add(request.redirect)
    if (server.isSilent) return await silence(request.signal)
    const path = new URL(request.url).pathname.replace('/api/v2', '')
    const name = path.replace('/operations/query', '')
    if (name in answers) return queried(name)
    if (path === '/getRequestsQueueStatus')
      return json(200, { isBlocked: server.isBlocked, blockReason: 'connectionError' })
    if (request.method === 'POST') return await post(request)
    return aboutRequest(request.method, path.replace('/requests/', ''))
  }

  return server
}

const silence = (signal: AbortSignal): Promise<Response> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

function makes(script: EndScript): boolean {
  if (script.kind === 'ready') return true
  if (script.kind === 'error') return script.makes === true
  return 'next' in script && makes(script.next)
}
