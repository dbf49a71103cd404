import { z } from 'zod'
import type { OfdFaultPlan } from './ofd.ts'
import { type Conduct, type Manner, OFD_FAULTS, type OfdFault } from './ofd_faults.ts'
import { cutBody, json, networkError, PAGE, type Reply, sent } from './replies.ts'
import type { SimTime } from './time.ts'

const document = z.object({ fn_number: z.string(), fd_number: z.int(), kind: z.string() })
/** A document of the register that the OFD has taken. `text`: its source. */
export type RegistersDocument = { fnNumber: string; fdNumber: number; kind: string; text: string }

/** It goes on working for so long after its client has given up. */
const LATE_MS = 1000
/** Less than the register waits. */
const SLOW_MS = 4000

type Name = { fn_number: string; fd_number: number }
type Deps = {
  time: SimTime
  random: () => number
  arrived: (method: string, how: OfdFault | 'no fault') => void
  taken: (document: RegistersDocument) => void
}

/** The OFD to which the register sends its documents by itself. It tells them apart by FN and FD, and keeps each once. */
export class RegisterOfd {
  fault: OfdFaultPlan | null = null
  /** In the order in which it has taken them. */
  readonly documents: RegistersDocument[] = []
  readonly #held = new Set<string>()

  constructor(private readonly deps: Deps) {}

  /** As `fetch`. */
  send = async (request: Request): Promise<Response> => {
    const { time, random } = this.deps
    const text = request.method === 'POST' ? await request.text() : ''
    return await new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
      time.after(1 + Math.floor(random() * 10), () => {
        const { afterMs, reply } = this.#arrive(request, text)
        time.after(afterMs, () => {
          if (reply instanceof Error) reject(reply)
          else if (reply !== null) resolve(reply)
        })
      })
    })
  }

  #arrive({ method, url }: Request, text: string): { afterMs: number; reply: Response | Error | null } {
    const { time, random, arrived } = this.deps
    const fault = this.#faultFor(method)
    arrived(method, fault ?? 'no fault')
    const { effect, answer }: Conduct = fault === null ? { effect: 'now', answer: 'proper' } : OFD_FAULTS[fault]
    const name = method === 'POST' ? document.parse(JSON.parse(text)) : nameIn(url)
    if (effect === 'late') time.after(LATE_MS, () => this.#serve(method, name, text))
    const proper = effect === 'now' ? this.#serve(method, name, text) : null
    return { afterMs: 1 + (answer === 'slow' ? SLOW_MS * random() : 0), reply: replyOf(answer, name, proper) }
  }

  #faultFor(method: string): OfdFault | null {
    const { fault } = this
    if (!fault || fault.on === (method === 'GET' ? 'posts' : 'lookups')) return null
    fault.left -= 1
    if (fault.left <= 0) this.fault = null
    return fault.name
  }

  #serve(method: string, name: Name, text: string): Reply {
    const { fn_number: fnNumber, fd_number: fdNumber } = name
    const isHeld = this.#held.has(`${fnNumber}/${fdNumber}`)
    if (method === 'GET' && !isHeld) return json(404, { status: 'not_found', ...numbersOf(name) })
    if (!isHeld) this.#take({ fnNumber, fdNumber, kind: document.parse(JSON.parse(text)).kind, text })
    return json(200, { status: 'accepted', ...numbersOf(name) })
  }

  #take(taken: RegistersDocument): void {
    this.documents.push(taken)
    this.#held.add(`${taken.fnNumber}/${taken.fdNumber}`)
    this.deps.taken(taken)
  }
}

const numbersOf = ({ fn_number, fd_number }: Name): Name => ({ fn_number, fd_number })

function nameIn(url: string): Name {
  const [fd = '', fn = ''] = new URL(url).pathname.split('/').reverse()
  return { fn_number: fn, fd_number: Number(fd) }
}

/** @returns null for silence */
function replyOf(how: Manner, name: Name, proper: Reply | null): Response | Error | null {
  switch (how) {
    case 'silence':
      return null
    case 'reset':
      return networkError('ECONNRESET')
    case 'unreachable':
      return networkError('ECONNREFUSED')
    case 'cut':
      return new Response(cutBody(), { status: 200 })
    case 'unreadable':
      return sent({ status: 200, text: '<html>' })
    case 'page':
      return sent({ status: 404, text: PAGE })
    case 'of_another':
      return sent(json(200, { status: 'accepted', ...numbersOf(name), fd_number: name.fd_number + 1 }))
    case 'proper':
    case 'slow':
    case 'twice':
      return proper && sent(proper)
    default:
      return sent(json(how, { error: 'no' }))
  }
}
