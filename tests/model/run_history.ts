import type { Findings } from './checks/findings.ts'
import { checkLiveness, mend } from './checks/liveness.ts'
import { Conductor } from './commands/carry_out.ts'
import type { History } from './commands/command.ts'
import type { Rig } from './world/rig.ts'
import { Restless } from './world/time.ts'
import { createWorld } from './world/world.ts'

/** Runs a history until everything is mended at its end, or until the first violation. */
export async function runHistory(rig: Rig, { settings, commands }: History, tellsStory = false): Promise<Findings> {
  const world = createWorld(rig, settings, tellsStory)
  const { findings, nodes, time } = world
  const conductor = new Conductor(world)
  const isFine = () => findings.violations.length === 0
  try {
    for (const node of nodes) node.start()
    await time.rest()
    for (const command of commands) if (isFine()) await conductor.carryOut(command)
    if (isFine()) await mend(world)
    if (isFine()) await checkLiveness(world)
  } catch (error) {
    if (!(error instanceof Restless)) throw error
    findings.violated('liveness', error.message)
  }
  for (const node of nodes) node.crash()
  findings.count('totals', 'simulated seconds', time.nowMs / 1000)
  return findings
}
