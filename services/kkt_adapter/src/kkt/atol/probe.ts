import { z } from 'zod'
import { NO_SECRETS } from '../../domain/secrets.ts'
import { clockIn, queueStatus } from './answer_forms.ts'
import { type AtolClient, answerInWords } from './client.ts'
import type { TaskEnd } from './entries.ts'
import { errorInWords } from './errors.ts'
import { type Finding, findingsOf, note, ok, type Seen, type Wanted, wrong } from './probe_findings.ts'
import { readRegistered } from './registration.ts'
import type { Requests } from './requests.ts'
import { stateOf } from './state_of_register.ts'

/** The tasks whose results tell all of a register. They leave no trace in it. */
const TASKS = {
  deviceInfo: 'getDeviceInfo',
  registrationInfo: 'getRegistrationInfo',
  deviceStatus: 'getDeviceStatus',
  shiftStatus: 'getShiftStatus',
  fnInfo: 'getFnInfo',
  fnStatus: 'getFnStatus',
  ofdExchangeStatus: 'ofdExchangeStatus',
} as const
type Told = Record<keyof typeof TASKS, unknown>

const UNFIT = 'its answers are in a form that this version does not know: see the version of the service, and report it'

export type ProbeDeps = {
  client: Pick<AtolClient, 'queue' | 'serverInfo'>
  requests: Pick<Requests, 'read'>
  wallMs: () => number
  kktNumber: string
}

/** Looks at the register behind a service, up to the first thing without which there is no more to see. It never rejects. */
export async function probe({ client, requests, wallMs, kktNumber }: ProbeDeps, wanted: Wanted): Promise<Finding[]> {
  const service = await serviceFinding(client)
  if (service.state === 'wrong') return [service]
  const queue = await queueFinding(client)
  if (queue.state === 'wrong') return [service, queue]
  const told = await toldBy(requests)
  if ('state' in told) return [service, queue, told]
  const seen = seenIn(told, kktNumber, wallMs())
  return [service, queue, ...(seen === null ? [wrong('register', UNFIT)] : findingsOf(seen, wanted))]
}

const serverInfo = z.object({ serverVersion: z.string(), driverVersion: z.string(), os: z.string().catch('') })

/** Whether a service of ATOL is at the address. It tells its version to everyone. */
async function serviceFinding(client: ProbeDeps['client']): Promise<Finding> {
  const answer = await client.serverInfo()
  if (answer.kind === 'silent') return wrong('service', answer.reason)
  const told = serverInfo.safeParse(answer.body)
  if (answer.status === 200 && told.success) {
    const { serverVersion, driverVersion, os } = told.data
    return ok('service', `version ${serverVersion}, driver ${driverVersion}${os === '' ? '' : `, on ${os}`}`)
  }
  return wrong('service', `another program answers at KKT_URL (${answer.status}): see its host and port`)
}

const countedQueue = queueStatus.extend({ number: z.int() })

/** Whether the service takes our account, and its queue moves. */
async function queueFinding(client: ProbeDeps['client']): Promise<Finding> {
  const answer = await client.queue()
  if (answer.kind === 'silent') return wrong('queue', answer.reason)
  if (answer.status !== 200) return wrong(answer.status === 401 ? 'account' : 'queue', answerInWords(answer))
  const told = countedQueue.safeParse(answer.body)
  if (!told.success) return wrong('queue', UNFIT)
  const { number, isBlocked, blockReason } = told.data
  if (isBlocked) {
    const mend = 'look at the register: its paper, its cable, its FN; the queue moves by itself when it answers'
    return wrong('queue', `it is blocked${blockReason ? ` (${blockReason})` : ''}: ${mend}`)
  }
  return number === 0 ? ok('queue', 'it is empty') : note('queue', `${number} requests wait in it`)
}

/** @returns the results of the tasks, or why there are none */
async function toldBy(requests: ProbeDeps['requests']): Promise<Told | Finding> {
  const names = Object.values(TASKS)
  const ends = await requests.read(names.map((type) => ({ type })))
  if (!Array.isArray(ends)) return wrong('register', ends.reason)
  const results: unknown[] = []
  for (const [index, name] of names.entries()) {
    const end = ends[index]
    if (end?.kind !== 'ready') return wrong('register', `${name}: ${endInWords(end)}`)
    results.push(end.result)
  }
  const [deviceInfo, registrationInfo, deviceStatus, shiftStatus, fnInfo, fnStatus, ofdExchangeStatus] = results
  return { deviceInfo, registrationInfo, deviceStatus, shiftStatus, fnInfo, fnStatus, ofdExchangeStatus }
}

function endInWords(end: TaskEnd | undefined): string {
  if (end?.kind === 'failed') return errorInWords(end.error, NO_SECRETS)
  return end?.kind === 'open' ? end.reason : 'the service did not do it'
}

const fn = z.object({ deviceInfo: z.object({ fnFfdVersion: z.string().nullish() }) })

/** @returns null for results that do not fit */
function seenIn(told: Told, kktNumber: string, nowMs: number): Seen | null {
  const registered = readRegistered(told, kktNumber)
  const state = registered && stateOf(told, registered)
  const clock = clockIn(told.deviceStatus)
  if (!registered || !state || clock === null) return null
  const fnFfdVersion = fn.safeParse(told.deviceInfo).data?.deviceInfo.fnFfdVersion ?? null
  return { registered, state, clock, fnFfdVersion, nowMs }
}
