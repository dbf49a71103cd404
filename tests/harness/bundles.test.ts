import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { bundleOf, sourcesKey } from './bundles.ts'
import { HTTP_SERVICES } from './stack/services.ts'

const root = resolve(import.meta.dir, '../..')

test.each(HTTP_SERVICES)('the bundle of $name holds all that it imports, with its bytecode', ({ entry }) => {
  const bundle = bundleOf(`${root}/${entry}`)
  expect(existsSync(`${bundle}.jsc`)).toBe(true)
  expect(readFileSync(bundle, 'utf8')).not.toMatch(/\brequire\("(?:\.|@kkt|#|elysia|zod)/)
})

test('a file that is no service has no bundle', () => {
  expect(() => bundleOf(`${root}/services/platform/serve.ts`)).toThrow('There is no bundle of')
})

test('bundles are made again after a change of any source or package, and after no other', () => {
  const folder = newFolder('bundles')
  const write = (path: string, seconds: number) => {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true })
    writeFileSync(`${folder}/${path}`, '')
    utimesSync(`${folder}/${path}`, seconds, seconds)
  }
  const after = (path: string, seconds: number) => {
    write(path, seconds)
    return sourcesKey(folder)
  }
  const first = after('services/a/main.ts', 1)
  const keys = [
    first,
    after('services/a/main.ts', 2),
    after('services/a/schema.sql', 1),
    after('services/b/page/some.css', 1),
    after('bun.lock', 1),
    after('tests/crash/crashing_adapter.ts', 1),
    after('tests/harness/bundles.ts', 1),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  for (const path of [
    'services/a/main.test.ts',
    'services/a/node_modules/b/c.js',
    'services/pages/dist/a.js',
    'tests/a.ts',
  ])
    expect(after(path, 1)).toBe(keys.at(-1) ?? '')
  rmSync(folder, { recursive: true })
})

/** Makes the folder once three processes have come for it. */
const MAKER = (folder: string) => `
  import { appendFileSync, existsSync, readFileSync } from 'node:fs'
  import { makeOnce } from './bundles.ts'
  import { until } from './stack/until.ts'
  const haveCome = () => readFileSync('${folder}.come', 'utf8').length === 3
  appendFileSync('${folder}.come', '.')
  await makeOnce('${folder}', async (beside) => {
    appendFileSync('${folder}.made', '.')
    if (await until(haveCome, { withinMs: 10_000 })) appendFileSync(beside + '/file', '')
  })
  process.stdout.write(String(existsSync('${folder}/file')))`

test('of processes that want a folder at once one makes it, and all have it', async () => {
  const all = newFolder('bundles')
  mkdirSync(`${all}/in`)
  const processes = [1, 2, 3].map(() =>
    Bun.spawn([process.execPath, '-e', MAKER(`${all}/in/one`)], { cwd: import.meta.dir, stderr: 'inherit' }),
  )
  expect(await Promise.all(processes.map(({ stdout }) => new Response(stdout).text()))).toEqual([
    'true',
    'true',
    'true',
  ])
  expect(readFileSync(`${all}/in/one.made`, 'utf8')).toBe('.')
  rmSync(all, { recursive: true })
})
