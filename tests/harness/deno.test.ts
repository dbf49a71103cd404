import { expect, test } from 'bun:test'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')

/** What the import conditions of the services' package.json choose from. */
const RUNTIME_FILES = [
  'services/kkt_adapter/src/journal/sqlite_bun.ts',
  'services/kkt_adapter/src/journal/sqlite_node.ts',
  'services/platform/serve_bun.ts',
  'services/platform/serve_deno.ts',
]
const RUNTIME_API = /\b(Bun|Deno)\b[.[?]|globalThis.*\b(Bun|Deno)\b|['"](bun|bun:\w+|node:sqlite)['"]/

test('the services ask for a runtime nowhere but in their server and their SQLite driver', () => {
  const isOfTests = (path: string) => /\.test\.ts$|\btesting\b/.test(path)
  const found = globSync('services/**/*.ts', { cwd: root, exclude: (path) => path.includes('node_modules') })
    .filter((path) => !isOfTests(path))
    .filter((path) => RUNTIME_API.test(readFileSync(`${root}/${path}`, 'utf8')))
  expect(found.sort()).toEqual(RUNTIME_FILES)
})

if (process.env['RUNTIME'] === 'deno') {
  test.each(['check', 'test'])(
    'deno task %s',
    async (task) => {
      const child = Bun.spawn([`${root}/tests/harness/deno`, 'task', task], {
        cwd: root,
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
      expect(exitCode, `${stdout}${stderr}`).toBe(0)
    },
    120_000,
  )
}
