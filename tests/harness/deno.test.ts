import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { run } from './stack/run.ts'

const root = resolve(import.meta.dir, '../..')
/** Checks the types of everything under services/, on a machine that may be busy. */
const TASK_MS = 120_000

// Without RUNTIME=deno there may be no Deno.
if (process.env['RUNTIME'] === 'deno') {
  test.each(['check', 'test'])(
    'deno task %s',
    async (task) => {
      const deno = `${root}/tests/harness/deno`
      const { exitCode, stdout, stderr } = await run([deno, 'task', task], { cwd: root, output: 'kept' })
      expect(exitCode, `${stdout}${stderr}`).toBe(0)
    },
    TASK_MS,
  )
}
