import type { Clock } from '@kkt/platform/clock.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { createCallLog, type Operation, shownCall } from './calls.ts'
import { createConnections } from './connections.ts'
import type { Fault } from './fault.ts'
import { createFaults } from './faults.ts'
import { createHub } from './hub.ts'
import type { Ledger } from './ledger.ts'
import { Visit, type VisitGround } from './visit.ts'
import { createWaitRoom } from './wait_room.ts'

export type FaultKit = ReturnType<typeof createFaultKit>

/**
 * What makes a mock fail, and sees what comes of it.
 * @param service the mock's name in its own answers: `OFD`
 * @param counted what the mock takes, as paths and answers call it: `receipts`
 */
export function createFaultKit(deps: {
  service: string
  counted: string
  catalogue: readonly Fault[]
  clock: Clock
  ledger: Ledger
}) {
  const { service, counted, catalogue, clock, ledger } = deps
  const connections = createConnections(clock)
  const waitRoom = createWaitRoom(clock)
  const hub = createHub()
  const calls = createCallLog({
    clock,
    onSettled: (call) => {
      waitRoom.changed()
      hub.publish('call', () => shownCall(call))
      // What is left of a plan is part of the configuration.
      if (call.fault !== null) hub.publish('config', () => faults.shown())
    },
  })
  const faults = createFaults({
    catalogue,
    clock,
    connections,
    onChanged: () => hub.publish('config', () => faults.shown()),
    onStrike: calls.countStrike,
  })
  // Of the calls under way alone: so many weak references cost the collector more than all else that is kept of a call.
  const visits = new Map<Request, Visit>()
  let sinceReset = new AbortController()
  let ground: VisitGround = {
    service,
    clock,
    calls,
    connections,
    onTaken: waitRoom.changed,
    onEnded: (request) => visits.delete(request),
    dropped: sinceReset.signal,
  }

  function begin(request: Request, operation: Operation): Visit {
    const rules = faults.isArmed() ? faults.admit(operation === 'submit') : null
    const visit = new Visit(calls.begin(operation), request, rules, ground)
    visits.set(request, visit)
    waitRoom.changed()
    return visit
  }

  return {
    service,
    counted,
    clock,
    faults,
    calls,
    connections,
    waitRoom,
    hub,
    ledger,
    begin,
    /** For `errorAnswers`: what is answered past the route. */
    onProblem: (request: Request, problem: Problem) =>
      visits.get(request)?.settle(problem.status, true, problem.toDocument()),
    callsUnderWay: () => visits.size,

    /** All that is counted, under one roof. */
    counters: (): Record<string, unknown> => ({ ...calls.counters(), ...ledger.counters() }),

    /** Ends the calls that wait here, too: what came before a reset has no effect after it. */
    reset(): void {
      sinceReset.abort()
      sinceReset = new AbortController()
      ground = { ...ground, dropped: sinceReset.signal }
      connections.reset()
      calls.reset()
      ledger.reset()
      faults.reset()
      waitRoom.reset()
      hub.publish('reset', () => ({}))
    },
  }
}
