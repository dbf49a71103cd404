import { backoffMs } from '@kkt/platform/backoff.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import type { Register, RegisterState } from '../register.ts'
import { ofdBody } from './ofd_body.ts'
import { createOfdClient, type OfdAnswer } from './ofd_client.ts'

/** A document that nobody announced by a nudge leaves this soon. */
const REST_MS = 1000
/** Short, so that a test need not wait long after an outage. Real registers pause for minutes. */
const MAX_PAUSE_MS = 10_000

/** The part of a register that hands its documents over. */
export type Sender = Pick<Register, 'registration' | 'document' | 'confirmThrough'> & {
  state(): Pick<RegisterState, 'unsent'>
}

export type OfdDelivery = {
  start(): void
  /** Says that there is a new document. */
  nudge(): void
  /** Cuts off the call under way. Resolves when nothing more is sent. */
  stop(): Promise<void>
}

/**
 * Hands the register's documents over to the OFD by itself, in the order of their numbers and one at a time. A document that is
 * not taken, refused or not, stays the first: no later one leaves before it. Only the FN that is in the register can be read, so
 * documents that an FN takes out with it are never sent.
 * @param deps.random from 0 to below 1, for the pauses
 * @param deps.send sends the requests
 */
export function createOfdDelivery(deps: {
  register: Sender
  clock: Clock
  logger: Logger
  url: string
  send: (request: Request) => Promise<Response>
  random: () => number
}): OfdDelivery {
  const { register, logger, clock, random } = deps
  const client = createOfdClient(deps)
  const loop = createLoop({ clock, turn })
  /** Whether the OFD may hold the first unsent document. An earlier process may have sent it, too. */
  let mayBeHeld = true
  /** Since the last confirmation. */
  let failures = 0

  async function turn(): Promise<NextTurn> {
    try {
      const { firstFd } = register.state().unsent
      const document = firstFd === null ? null : register.document(firstFd)
      if (document === null) return { kind: 'rest', ms: REST_MS }
      const body = ofdBody(document, register.registration)
      const answer = mayBeHeld ? await client.lookUp(body, loop.stopping) : await client.submit(body, loop.stopping)
      return after(answer, document.doc)
    } catch (error) {
      // The register's memory cannot be read or written.
      logger.error('ofd_delivery_failed', errorFields(error))
      return pause()
    }
  }

  function after(answer: OfdAnswer, { fnNumber, fdNumber }: { fnNumber: string; fdNumber: number }): NextTurn {
    if (answer.kind === 'failed') {
      mayBeHeld = answer.mayBeHeld
      logger.debug('document_not_sent', { fn: fnNumber, fd: fdNumber, reason: answer.reason })
      return pause()
    }
    mayBeHeld = false
    if (answer.kind === 'held') {
      register.confirmThrough(fnNumber, fdNumber)
      failures = 0
    }
    return { kind: 'again' }
  }

  function pause(): NextTurn {
    failures += 1
    return { kind: 'backoff', ms: backoffMs(failures, MAX_PAUSE_MS, random) }
  }

  return { start: loop.start, nudge: loop.nudge, stop: loop.stop }
}
