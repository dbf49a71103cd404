import { Problem } from '@kkt/platform/problem.ts'
import { z } from 'zod'
import type { Call, Fault, Stage, Verdict } from './fault.ts'

/** Thrown out of a route to answer a call the way a fault wants it, from wherever in the call it struck. */
class FaultStruck extends Problem {
  constructor(
    fault: string,
    readonly answer: Extract<Verdict, { kind: 'answer' }>,
  ) {
    super(answer.status, fault, 'A fault that a test has configured.')
  }

  override toResponse(): Response {
    return Response.json(this.answer.body, { status: this.answer.status })
  }
}

export type FaultRegistry = ReturnType<typeof createFaultRegistry>

/** The faults of one mock: their configuration, the schemas derived from them, and the moment they strike. */
export function createFaultRegistry(service: string, faults: readonly Fault[]) {
  const slots = faults.map((fault) => ({ ...fault, active: fault.activate() }))
  const shown = slots.filter((slot) => slot.inHealth)
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

    reset(): void {
      for (const slot of slots) slot.active.reset()
    },

    /**
     * Lets the faults of this stage have their say.
     * @throws FaultStruck when one of them answers the call
     */
    strike(stage: Stage, call: Omit<Call, 'service'>): void {
      for (const slot of slots) {
        if (slot.stage !== stage) continue
        const verdict = slot.active.decide({ ...call, service })
        if (verdict.kind === 'answer') throw new FaultStruck(slot.name, verdict)
      }
    },
  }
}
