/** Runs blocks of histories for main.ts, in a process of its own. */
import { z } from 'zod'
import { runBlock } from './run_block.ts'
import { createRig } from './world/rig.ts'

const task = z.object({ seed: z.int(), count: z.int() })

const rig = createRig()
process.on('message', async (message) => {
  const { seed, count } = task.parse(message)
  const { summary } = await runBlock(rig, seed, count)
  process.send?.(summary)
})
