import type { Reply } from '@kkt/fault-kit/fault.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Visit } from '@kkt/fault-kit/visit.ts'
import type { Devices } from '../devices.ts'
import { notActive, ServiceError } from './errors.ts'

/** The parts of the service that its routes stand on. */
export type Entrance = {
  kit: FaultKit
  auth: (request: Pick<Request, 'headers'>) => void
  devices: Pick<Devices, 'isAnyActive'>
}

/** `device`: the account, and an active device. */
type Access = 'open' | 'account' | 'device'

/** `about`: the request that the path names, and the kind of a question that is about none. */
type About = { uuid?: string; question?: string }

/**
 * Begins a call without a body that counts: faults strike, and then it is asked who calls.
 * @throws ServiceError 401, 403, and as a fault has it
 */
export async function enter(
  { kit, auth, devices }: Entrance,
  request: Request,
  { uuid, question }: About,
  access: Access = 'account',
): Promise<Visit> {
  const visit = kit.begin(request, 'lookup')
  if (question !== undefined) visit.call.task = { type: question, status: null, fdNumber: null }
  await visit.arrive(uuid ?? null, null)
  if (access !== 'open') auth(request)
  if (access === 'device' && !devices.isAnyActive()) throw notActive()
  return visit
}

/** Ends a call with what the work gives, or with the error that it throws. */
export async function answering(
  visit: Visit,
  set: { status?: number | string },
  work: () => Reply | Promise<Reply>,
): Promise<Reply['body']> {
  const { status, body } = await replyOf(work)
  set.status = status
  return await visit.answer(status, body)
}

async function replyOf(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { status: error.status, body: error.toBody() }
  }
}
