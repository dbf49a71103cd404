/** Runs blocks of histories for main.ts, in a process of its own. */
import { z } from 'zod'
import { KKTS } from '../harness/asked.ts'
import { runBlock } from './run_block.ts'
import { createRig } from './world/rig.ts'

const task = z.object({ kkt: z.enum(KKTS), seed: z.int(), count: z.int() })

const rig = createRig()
process.on('message', async (message) => {
  const { summary } = await runBlock(rig, task.parse(message))
  process.send?.(summary)
})
