import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { type Change, changeSchema } from './change.ts'
import type { Connections } from './connections.ts'
import type { Fault } from './fault.ts'
import type { Rule } from './rule.ts'
import { createRuleSet } from './rules.ts'
import { createSequence } from './sequence.ts'

/** The default is fixed, so that every run draws the same numbers unless it asks for others. */
const DEFAULT_SEED = 0

export type Faults = ReturnType<typeof createFaults>

type FaultsDeps = {
  catalogue: readonly Fault[]
  clock: Clock
  connections: Connections
  onChanged: () => void
  onStrike: (fault: string) => void
}

/**
 * The faults of one mock: the configuration and the rules that follow from it.
 * @param onChanged called when another configuration is in force
 * @param onStrike called when a fault strikes without a call
 */
export function createFaults(deps: FaultsDeps) {
  const { catalogue, clock, connections, onChanged, onStrike } = deps
  const alwaysShown = catalogue.filter((fault) => fault.alwaysShown)
  let seed = DEFAULT_SEED
  let armed: readonly Rule[] = []
  const { leavePort, openPeers } = connections
  const tools = { clock, leavePort, openPeers, seed: () => seed, onStrike, onOver: refresh }
  const standing = createRuleSet(tools)
  const sequence = createSequence({ ...tools, onStep: refresh })

  function refresh(): void {
    armed = catalogue.flatMap((fault) => [...standing.of(fault), ...sequence.rules.of(fault)])
    onChanged()
  }

  /** The fault's value now, on or off or a remaining count, by the configuration and the current step together. */
  function inForce(fault: Fault): unknown {
    const shown = [...standing.of(fault), ...sequence.rules.of(fault)].map((rule) => rule.shown())
    if (fault.takes === 'switch') return shown.length > 0
    return shown.reduce((sum: number, left) => sum + Number(left), 0)
  }

  const health = () => Object.fromEntries(alwaysShown.map((fault) => [fault.name, inForce(fault)]))

  return {
    catalogue,
    change: changeSchema(catalogue, connections.hasPort),
    healthShape: Object.fromEntries(
      alwaysShown.map(({ name, summary, takes }) => [
        name,
        (takes === 'switch' ? z.boolean() : z.int()).meta({ description: `The fault of this name. ${summary}` }),
      ]),
    ),
    health,

    /** The whole configuration: the fields that every reader may rely on, and all others that are set. */
    shown: (): Record<string, unknown> => ({
      ...Object.fromEntries(alwaysShown.map(({ name, takes }) => [name, takes === 'switch' ? false : 0])),
      ...standing.shown(),
      ...(seed !== DEFAULT_SEED && { seed }),
      ...(sequence.isRunning() && { sequence: sequence.shown() }),
    }),

    configure(change: Change): void {
      seed = change.seed ?? seed
      standing.set(change.planned)
      if (change.sequence) sequence.begin(change.sequence)
      else refresh()
    },

    reset(): void {
      seed = DEFAULT_SEED
      standing.clear()
      sequence.begin([])
    },

    seed: () => seed,

    /** False when no fault can strike a call, so that the call need not ask. */
    isArmed: () => armed.length > 0 || sequence.isRunning() || connections.isAnyFaulty(),

    /** The rules for one call, from its arrival to its end. */
    admit(isSubmission: boolean): readonly Rule[] {
      if (armed.some((rule) => rule.isOver())) refresh()
      const rules = armed
      if (isSubmission) sequence.admitted()
      return rules
    },
  }
}
