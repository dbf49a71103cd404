import type { Clock } from '@kkt/platform/clock.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { z } from 'zod'
import { carryOut } from './carry_out.ts'
import type { Call, Fault, Stage } from './fault.ts'

/** Thrown out of a route to end a call the way a fault wants it, from wherever in the call it struck. */
class FaultStruck extends Problem {
  constructor(
    fault: string,
    readonly answer: Response,
  ) {
    super(answer.status, fault, 'A fault that a test has configured.')
  }

  override toResponse(): Response {
    return this.answer
  }
}

/** A call in a stage of its life, with what is known of it there. */
type Struck = Pick<Call, 'operation'> & Partial<Pick<Call, 'about' | 'reply'>> & { request: Request }

export type FaultRegistry = ReturnType<typeof createFaultRegistry>

/** The faults of one mock: their configuration, the schemas derived from them, and the moment they strike. */
export function createFaultRegistry(service: string, faults: readonly Fault[], clock: Clock) {
  const slots = faults.map((fault) => ({ ...fault, active: fault.activate() }))
  const shown = slots.filter((slot) => slot.inHealth)
  let sinceReset = new AbortController()
  const known = slots.map((slot) => slot.name).join(', ')

  const shapeOf = (of: typeof slots): Record<string, z.ZodType> =>
    Object.fromEntries(of.map((slot) => [slot.name, slot.config]))
  const valuesOf = (of: typeof slots): Record<string, unknown> =>
    Object.fromEntries(of.map((slot) => [slot.name, slot.active.current()]))

  return {
    /** The whole configuration. */
    configuration: z.object(shapeOf(slots)),
    /** A change of it: any of its fields, and no other. */
    change: z
      .object(shapeOf(slots))
      .partial()
      .catchall(z.custom<unknown>(() => false, `is not known here: there are ${known}`)),
    healthShape: shapeOf(shown),

    current: () => valuesOf(slots),
    health: () => valuesOf(shown),

    /** @param change has passed the schema of that name */
    configure(change: Record<string, unknown>): void {
      for (const slot of slots) {
        if (Object.hasOwn(change, slot.name)) slot.active.configure(change[slot.name])
      }
    },

    /** Ends the calls that wait here, too: what came before a reset has no effect after it. */
    reset(): void {
      for (const slot of slots) slot.active.reset()
      sinceReset.abort()
      sinceReset = new AbortController()
    },

    /**
     * Lets the faults of this stage have their say.
     * @returns how the call is to take effect, once it may go on
     * @throws FaultStruck when one of them ends the call
     */
    async strike(stage: Stage, { request, ...known }: Struck): Promise<{ takeAgain: boolean }> {
      const call = { about: {}, reply: {}, ...known, service }
      const dropped = sinceReset.signal
      let takeAgain = false
      for (const slot of slots) {
        if (slot.stage !== stage) continue
        const verdict = slot.active.decide(call)
        takeAgain ||= verdict.kind === 'take_again'
        const answer = await carryOut(verdict, { service, request, clock, dropped })
        if (answer) throw new FaultStruck(slot.name, answer)
      }
      return { takeAgain }
    },
  }
}
