import type { Clock } from '@kkt/platform/clock.ts'
import { createHub } from '@kkt/platform/hub.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { createCallLog, type Operation, shownCall } from './calls.ts'
import { createConnections } from './connections.ts'
import type { Fault } from './fault.ts'
import { createFaults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { Visit, type VisitTools } from './visit.ts'
import { createWaitRoom } from './wait_room.ts'

export type FaultKit = ReturnType<typeof createFaultKit>

type FaultKitDeps = {
  service: string
  counted: string
  catalogue: readonly Fault[]
  clock: Clock
  ledger: Ledger
}

/**
 * Makes a mock fail, and records its calls.
 * @param service the mock's name in its own answers: `OFD`
 * @param counted the name of the documents that the mock takes, in paths and answers: `receipts`
 */
export function createFaultKit(deps: FaultKitDeps) {
  const { service, counted, catalogue, clock, ledger } = deps
  const connections = createConnections(clock)
  const waitRoom = createWaitRoom(clock)
  const hub = createHub({ clock })
  const calls = createCallLog({
    clock,
    onSettled: (call) => {
      waitRoom.changed()
      hub.publish(() => [{ event: 'call', data: shownCall(call) }])
      // The configuration shows what is left of a plan, so a strike changes it.
      if (call.fault !== null) tellConfig()
    },
  })
  const faults = createFaults({
    catalogue,
    clock,
    connections,
    onChanged: tellConfig,
    onStrike: calls.countStrike,
  })
  // Only calls under way: weak references to all kept calls would cost the garbage collector too much.
  const visits = new Map<Request, Visit>()
  let sinceReset = new AbortController()
  let tools: VisitTools = {
    service,
    clock,
    calls,
    connections,
    onTaken: waitRoom.changed,
    onEnded: (request) => visits.delete(request),
    dropped: sinceReset.signal,
  }

  function tellConfig(): void {
    hub.publish(() => [{ event: 'config', data: faults.shown() }])
  }

  function begin(request: Request, operation: Operation): Visit {
    const rules = faults.isArmed() ? faults.admit(operation === 'submit') : null
    const visit = new Visit(calls.begin(operation), request, rules, tools)
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
    /** For `errorAnswers`, which answers problems outside the route. */
    onProblem: (request: Request, problem: Problem) =>
      visits.get(request)?.settle(problem.status, true, problem.toDocument()),
    callsUnderWay: () => visits.size,

    counters: (): Record<string, unknown> => ({ ...calls.counters(), ...ledger.counters() }),

    /** Ends waiting calls too: a call from before a reset must have no effect after it. */
    reset(): void {
      sinceReset.abort()
      sinceReset = new AbortController()
      tools = { ...tools, dropped: sinceReset.signal }
      connections.reset()
      calls.reset()
      ledger.reset()
      faults.reset()
      waitRoom.reset()
      hub.publish(() => [{ event: 'reset', data: {} }])
    },
  }
}
