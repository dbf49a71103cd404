import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** A command that waits for something that never comes, and says so. */
const WAITING = `
import { systemClock } from '@kkt/platform/clock.ts'
import { runCommand } from '../harness/stack/command.ts'
import { inTime } from './within.ts'
await runCommand(async () => {
  process.stdout.write('waiting')
  return await inTime('nothing', 1e9, systemClock, new Promise(() => undefined))
})`

test('a signal ends a long wait, and with it the run', async () => {
  const child = spawn(process.execPath, ['-e', WAITING], { cwd: import.meta.dir, stdio: ['ignore', 'pipe', 'pipe'] })
  const stderr = text(child.stderr)
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect([await ended, await stderr]).toEqual([[143, null], 'Interrupted by SIGTERM.\n'])
})
