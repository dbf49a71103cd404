import type { SimProcess } from './process.ts'
import { REGISTER_FAULTS, type RegisterFault, type RegisterFaultPlan, type ServiceDeath } from './register_faults.ts'
import type { RegisterService } from './register_service.ts'
import { cutBody, networkError, sent } from './replies.ts'
import type { SimTime } from './time.ts'

/** A request on its way to the register's service. */
type Call = {
  request: Request
  isOfQueue: boolean
  answer(response: Response): void
  fail(error: Error): void
}

type NetworkDeps = {
  time: SimTime
  service: RegisterService
  random: () => number
  arrived: (what: string, how: RegisterFault | 'no fault' | 'nobody there') => void
}

/** Slower than this, an answer counts as none. */
const SLOW_MS = 4500

/** The shop's network between the adapters and the register's service. */
export class RegisterNetwork {
  fault: RegisterFaultPlan | null = null
  /** How often a request got no answer or an error, and how often the register did not do what it was asked for, or not in time. */
  failures = 0
  #open = new Set<Call>()

  constructor(private readonly deps: NetworkDeps) {}

  /** The service dies, and cuts off all who wait for an answer. */
  serviceDies(death: ServiceDeath): void {
    this.deps.service.die(death)
    for (const call of this.#open) call.fail(networkError('ECONNRESET'))
    this.#open.clear()
  }

  /**
   * Sends a request as `fetch` does. One that has left arrives, whatever becomes of its process.
   * @returns rejects when it is given up, or the connection fails
   */
  async send(process: SimProcess, request: Request): Promise<Response> {
    const { time } = this.deps
    const body = request.method === 'POST' ? await request.text() : null
    return await new Promise((resolve, reject) => {
      const gone = new AbortController()
      const call: Call = {
        request: new Request(request.url, {
          method: request.method,
          headers: request.headers,
          body: body === '' ? null : body,
          signal: gone.signal,
        }),
        isOfQueue: request.method === 'POST' && new URL(request.url).pathname.endsWith('/requests'),
        answer: (response) => settle(() => resolve(response), response.status >= 400 && response.status !== 409),
        fail: (error) => settle(() => reject(error), true),
      }
      const settle = (then: () => void, isFailure: boolean) => {
        this.#open.delete(call)
        process.enter(() => {
          if (gone.signal.aborted) return
          if (isFailure) this.failures += 1
          then()
        })
      }
      const giveUp = () => {
        this.failures += 1
        gone.abort()
        this.#open.delete(call)
        reject(request.signal.reason)
      }
      // A request that was given up while its process was paused has never left.
      if (request.signal.aborted) return giveUp()
      request.signal.addEventListener('abort', giveUp)
      process.onKill(() => gone.abort())
      time.after(this.#latencyMs(), () => this.#arrive(call))
    })
  }

  #latencyMs = () => 1 + Math.floor(this.deps.random() * 10)

  #arrive(call: Call): void {
    const { service, arrived } = this.deps
    const what = call.isOfQueue ? 'request' : (new URL(call.request.url).pathname.split('/')[3] ?? '')
    if (service.isAway) {
      arrived(what, 'nobody there')
      call.fail(networkError('ECONNREFUSED'))
      return
    }
    // A question that has waited for too long is taken back.
    if (call.request.method === 'DELETE') this.failures += 1
    const fault = this.#faultFor(call)
    arrived(what, fault ?? 'no fault')
    this.#open.add(call)
    if (fault === null || REGISTER_FAULTS[fault].effect === 'now') void this.#serve(call, fault)
    else this.#reply(call, fault, null)
  }

  #faultFor({ isOfQueue }: Call): RegisterFault | null {
    const { fault } = this
    if (!fault || fault.on === (isOfQueue ? 'questions' : 'requests')) return null
    fault.left -= 1
    if (fault.left <= 0) this.fault = null
    return fault.name
  }

  async #serve(call: Call, fault: RegisterFault | null): Promise<void> {
    const response = await this.deps.service.handle(call.request)
    const proper = { status: response.status, text: await response.text() }
    this.#reply(call, fault, proper)
  }

  #reply(call: Call, fault: RegisterFault | null, proper: { status: number; text: string } | null): void {
    const how = fault === null ? 'proper' : REGISTER_FAULTS[fault].answer
    const slowMs = how === 'slow' ? SLOW_MS * this.deps.random() : 0
    this.deps.time.after(this.#latencyMs() + slowMs, () => {
      // The service has died meanwhile.
      if (!this.#open.has(call)) return
      if (how !== 'proper' && how !== 'slow') this.failures += 1
      switch (how) {
        case 'silence':
          break
        case 'reset':
          return call.fail(networkError('ECONNRESET'))
        case 'unreachable':
          return call.fail(networkError('ECONNREFUSED'))
        case 'cut':
          return call.answer(new Response(cutBody(), { status: 200 }))
        case 'unreadable':
          return call.answer(sent({ status: 200, text: '<html>' }))
        case 'proper':
        case 'slow':
          return proper === null ? undefined : call.answer(sent(proper))
        default:
          return call.answer(sent({ status: how, text: '{"error":{"code":505,"description":"no"}}' }))
      }
    })
  }
}
