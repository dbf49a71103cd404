import { expect, test } from 'bun:test'
import { resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')
/** Checks the types of everything under services/, on a machine that may be busy. */
const TASK_MS = 120_000

// Without RUNTIME=deno there may be no Deno.
if (process.env['RUNTIME'] === 'deno') {
  test.each(['check', 'test'])(
    'deno task %s',
    async (task) => {
      const deno = `${root}/tests/harness/deno`
      const child = Bun.spawn([deno, 'task', task], { cwd: root, stdout: 'pipe', stderr: 'pipe' })
      const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
      expect(exitCode, `${stdout}${stderr}`).toBe(0)
    },
    TASK_MS,
  )
}
