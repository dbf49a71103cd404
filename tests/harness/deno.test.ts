import { expect, test } from 'bun:test'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')

/** Each runtime's own files, chosen by import conditions. */
const OWN_FILES = ['services/platform/serve_bun.ts', 'services/platform/serve_deno.ts']
const DRIVERS = ['services/kkt_adapter/src/journal/sqlite_bun.ts', 'services/kkt_adapter/src/journal/sqlite_node.ts']
const RUNTIME_API =
  /\b(Bun|Deno)\b(\.|\[|\?\.)|\bglobalThis\b.*\b(Bun|Deno)\b|from '(bun|node:sqlite)|import\('(bun|node:sqlite)/

test('what the services are made of asks for no runtime, but for the server and the SQLite driver', () => {
  const sources = globSync('services/**/*.ts', {
    cwd: root,
    exclude: (path) => path.includes('node_modules') || path.endsWith('.test.ts'),
  })
  const found = sources.filter((path) => RUNTIME_API.test(readFileSync(`${root}/${path}`, 'utf8')))
  const tests = found.filter((path) => path.includes('testing'))
  expect(found.filter((path) => !tests.includes(path)).sort()).toEqual([...DRIVERS, ...OWN_FILES].sort())
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
