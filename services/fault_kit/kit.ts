import type { Clock } from '@kkt/platform/clock.ts'
import { createHub } from '@kkt/platform/hub.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { type Call, createCallLog, type Operation, shownCall, type TaskNote } from './calls.ts'
import { createConnections } from './connections.ts'
import type { Fault } from './fault.ts'
import { createFaults } from './faults.ts'
import { type LaterWork, strikeLater } from './later.ts'
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
  /** The type of a body's first task, where the mock does tasks. */
  taskIn?: (body: unknown) => string | null
}

/**
 * Makes a mock fail, and records its calls.
 * @param service the mock's name in its own answers: `OFD`
 * @param counted the name of the documents that the mock takes, in paths and answers: `receipts`
 */
export function createFaultKit(deps: FaultKitDeps) {
  const { service, counted, catalogue, clock, ledger, taskIn = () => null } = deps
  const connections = createConnections(clock)
  const waitRoom = createWaitRoom(clock)
  const hub = createHub({ clock })
  const calls = createCallLog({
    clock,
    onSettled: (call) => {
      tellCall(call)
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
    taskIn,
    onTaken: waitRoom.changed,
    onEnded: (request) => visits.delete(request),
    dropped: sinceReset.signal,
  }

  function tellConfig(): void {
    hub.publish(() => [{ event: 'config', data: faults.shown() }])
  }

  function tellCall(call: Call): void {
    waitRoom.changed()
    hub.publish(() => [{ event: 'call', data: shownCall(call) }])
  }

  function begin(request: Request, operation: Operation): Visit {
    const rules = faults.isArmed() ? faults.admit(operation === 'submit') : null
    const visit = new Visit(calls.begin(operation), request, rules, tools)
    visits.set(request, visit)
    waitRoom.changed()
    return visit
  }

  const counters = (): Record<string, unknown> => ({ ...calls.counters(), ...ledger.counters() })

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

    /** Lets faults strike the work that follows a call's answer. @returns their verdicts, in order */
    strikeLater(work: LaterWork) {
      const { call } = work
      const rules = faults.isArmed() ? faults.admit(false) : []
      const verdicts = strikeLater(work, {
        service,
        rules,
        onStruck: (fault) => {
          calls.countStrike(fault)
          if (!call) return
          call.fault = fault
          call.wire?.struck.push(fault)
        },
      })
      if (verdicts.length > 0) tellConfig()
      return verdicts
    },

    /** Tells the log that the tasks of a call have come further. */
    noteTasks(call: Call, task: TaskNote): void {
      call.task = task
      tellCall(call)
    },

    counters,
    /** Of those that are whole numbers. */
    counterNames: Object.entries(counters()).flatMap(([name, value]) => (Number.isInteger(value) ? [name] : [])),

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
