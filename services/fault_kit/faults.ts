import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { type Change, changeSchema } from './change.ts'
import type { Connections } from './connections.ts'
import type { Fault } from './fault.ts'
import type { Rule } from './rule.ts'
import { createRuleSet } from './rules.ts'
import { createSequence } from './sequence.ts'

/** Chance is the same in every run that asks for no other. */
const DEFAULT_SEED = 0

export type Faults = ReturnType<typeof createFaults>

/**
 * How one mock is told to fail: its configuration, and what follows from it.
 * @param onChanged called when another configuration is in force
 * @param onStrike called when a fault strikes that no call meets
 */
export function createFaults(deps: {
  catalogue: readonly Fault[]
  clock: Clock
  connections: Connections
  onChanged: () => void
  onStrike: (fault: string) => void
}) {
  const { catalogue, clock, connections, onChanged, onStrike } = deps
  const alwaysShown = catalogue.filter((fault) => fault.alwaysShown)
  let seed = DEFAULT_SEED
  let armed: readonly Rule[] = []
  const { leavePort, openPeers } = connections
  const ground = { clock, leavePort, openPeers, seed: () => seed, onStrike, onOver: refresh }
  const standing = createRuleSet(ground)
  const sequence = createSequence({ ...ground, onStep: refresh })

  function refresh(): void {
    armed = catalogue.flatMap((fault) => [...standing.of(fault), ...sequence.rules.of(fault)])
    onChanged()
  }

  /** On or off, or how many are left, by the configuration and the step in force together. */
  function inForce(fault: Fault): unknown {
    const shown = [...standing.of(fault), ...sequence.rules.of(fault)].map((rule) => rule.shown())
    if (fault.takes === 'switch') return shown.length > 0
    return shown.reduce((sum: number, left) => sum + Number(left), 0)
  }

  const health = () => Object.fromEntries(alwaysShown.map((fault) => [fault.name, inForce(fault)]))

  return {
    catalogue,
    /** What may be asked for. */
    change: changeSchema(catalogue, connections.hasPort),
    healthShape: Object.fromEntries(
      alwaysShown.map(({ name, takes }) => [name, takes === 'switch' ? z.boolean() : z.int()]),
    ),
    health,

    /** The whole configuration: what every reader may count on, and what is set besides. */
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

    /** False when there is nothing that a call could meet: then it need not ask. */
    isArmed: () => armed.length > 0 || sequence.isRunning() || connections.isAnySpoilt(),

    /** The rules for one call, from its arrival to its end. */
    admit(isSubmission: boolean): readonly Rule[] {
      if (armed.some((rule) => rule.isOver())) refresh()
      const rules = armed
      if (isSubmission) sequence.admitted()
      return rules
    },
  }
}
