import { z } from 'zod'
import { run } from '../harness/stack/run.ts'
import { Stop } from '../harness/stack/stop.ts'
import type { Cost } from './cost.ts'

const told = z.object({ count: z.int().positive(), perSecond: z.number(), processorMicros: z.number() })

type Loop = {
  /** Of the checkout that it works with. */
  checkout: string
  /** From the checkout's root. */
  program: string
  args: (string | number)[]
}

/** Runs a program that does one thing over and over and then tells its tally, in a process of its own and nothing else. */
export async function runLoop({ checkout, program, args }: Loop): Promise<Cost & { micros: number }> {
  const { PATH, HOME } = process.env
  const command = [process.execPath, '--no-env-file', program, ...args.map(String)]
  const { exitCode, stdout, stderr } = await run(command, { cwd: checkout, env: { PATH, HOME }, output: 'kept' })
  if (exitCode !== 0) throw new Stop(`${program} failed:\n${stderr}`)
  const { count, perSecond, processorMicros } = told.parse(JSON.parse(stdout))
  return { count, perSecond, micros: processorMicros / count }
}
