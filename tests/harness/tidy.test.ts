import { describe, expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { functionLengths } from './tidy/functions.ts'
import { RULES } from './tidy/rules.ts'
import { readSources, source } from './tidy/source.ts'

const sources = readSources(resolve(import.meta.dir, '../..'))

const shown = (rule: keyof typeof RULES, of = sources) =>
  RULES[rule].find(of).map(({ path, line, why }) => `${path}:${line} ${why}`)

test('there is something to look at', () => expect(sources.length).toBeGreaterThan(100))

test.each(Object.keys(RULES) as (keyof typeof RULES)[])('what is written keeps the rule: %s', (rule) => {
  expect(shown(rule)).toEqual([])
})

/** Words are put together here, so that the rules do not find them in this file. */
const words = (...parts: string[]) => parts.join('')

const SERVICE = 'services/kkt_adapter/src/delivery/worker.ts'
const INTEGRATION = 'tests/integration/some.test.ts'
const PART = 'services/kkt_adapter/src/journal/some.ts'
const COMPOSITION = 'services/kkt_adapter/src/run.ts'

/** 92 lines, of which no function has more than four of its own. */
const LONG_WITH_SHORT_INSIDE = `function long() {\n${'  function short() {\n    call()\n  }\n'.repeat(30)}}\n`

describe('each rule finds what it is for', () => {
  test.each<[keyof typeof RULES, string, string]>([
    ['sleep', INTEGRATION, 'await Bun.sleep(100)'],
    ['sleep', SERVICE, 'setTimeout(done, 100)'],
    ['sleep', SERVICE, "import { setTimeout as pause } from 'node:timers/promises'"],
    ['sleep', INTEGRATION, 'await systemClock.wait(100)'],
    ['tooLongFiles', SERVICE, `${'\n'.repeat(300)}const a = 1`],
    ['tooLongServiceFiles', SERVICE, `${'\n'.repeat(250)}const a = 1`],
    ['tooLongServiceFiles', 'services/mock_ofd/testing.ts', `${'\n'.repeat(250)}const a = 1`],
    ['tooLongWholeFunctions', SERVICE, LONG_WITH_SHORT_INSIDE],
    ['tooLongWholeFunctions', COMPOSITION, LONG_WITH_SHORT_INSIDE],
    ['tooLongFunctions', SERVICE, `function long() {\n${'  call()\n'.repeat(60)}}\n`],
    ['sql', SERVICE, `db.prepare('${words('SEL', 'ECT')} a FROM b')`],
    ['runtime', INTEGRATION, `await ${words('Bun', '.file')}('a').text()`],
    ['runtime', 'services/platform/serve.ts', `${words('Deno', '.serve')}(handle)`],
    ['runtime', SERVICE, `import { Database } from '${words('bun', ':sqlite')}'`],
    ['time', SERVICE, 'const nowMs = Date.now()'],
    ['random', INTEGRATION, 'const one = Math.random()'],
    ['dead', SERVICE, 'export const nobody = 1'],
    ['layers', PART, "import { a } from '../lease/a.ts'"],
    ['layers', PART, "import type {\n  A,\n} from '../kkt/a.ts'"],
    ['layers', PART, "export { a } from '../http/a.ts'"],
    ['layers', PART, "const a = await import('../printing/a.ts')"],
    ['layers', PART, "import { a } from '../some.ts'"],
    ['layers', PART, "import { a } from '../testing/kit.ts'"],
    ['layers', COMPOSITION, "import { a } from './testing/kit.ts'"],
    ['layers', COMPOSITION, "import { a } from '../../fault_kit/a.ts'"],
    ['layers', 'services/kkt_adapter/src/extra/some.ts', 'export const a = 1'],
    ['layers', 'services/extra/some.ts', 'export const a = 1'],
    ['layers', 'services/platform/some.ts', "import { a } from '../kkt_adapter/src/domain/a.ts'"],
    ['layers', 'services/mock_ofd/some.ts', "import { a } from '../kkt_adapter/src/domain/a.ts'"],
    ['casts', INTEGRATION, 'const a = b as unknown as string'],
    ['casts', SERVICE, 'function a(b: any) {}'],
    ['shadowed', INTEGRATION, 'export type Request = { path: string }'],
    ['shadowed', SERVICE, 'class Process {}'],
    ['silenced', SERVICE, words('// @ts-', 'ignore')],
    ['unfinished', SERVICE, words('// TO', 'DO: more')],
    ['plainComments', SERVICE, '/** What a till sends. */'],
    ['plainComments', SERVICE, '/**\n * The queue of a till. Whoever\n * reads it waits.\n */'],
    ['plainComments', SERVICE, '// It begins\n// anew.'],
    ['plainComments', SERVICE, 'send() // The how manieth try.'],
    ['plainComments', SERVICE, '// The tills of before.'],
    ['plainComments', SERVICE, '// Nought is sent.'],
    ['plainComments', SERVICE, '// It waits, for it\n// has no lease.'],
    ['plainComments', SERVICE, '// It waits, for the lease of the other host is still held.'],
    ['plainComments', 'services/kkt_adapter/src/journal/some.sql', '-- One row.\n-- What it holds.\nCREATE'],
    ['plainComments', 'services/platform/page/some.js', '/** Whichever comes. @param {string} a */'],
    ['literalSpreads', SERVICE, 'const a = {\n  ...{ b, c },\n}'],
    ['literalSpreads', 'services/platform/page/some.js', 'f({ ...{ b } })'],
    ['only', INTEGRATION, "test.only('a', () => {})"],
    ['belongs', 'README.md', words('see /wo', 'rk/main')],
    ['belongs', SERVICE, words('// the last sess', 'ion said so')],
  ])('%s in %s', (rule, path, text) => {
    const found = RULES[rule].find([source(path, text)])
    expect(found).toMatchObject([{ path, why: RULES[rule].why }])
  })

  test('and says the line', () => {
    expect(shown('time', [source(SERVICE, '// why\n\nconst nowMs = Date.now()')])).toEqual([
      `${SERVICE}:3 ${RULES.time.why}`,
    ])
  })
})

describe('no rule finds what it is not for', () => {
  test.each<[keyof typeof RULES, string, string]>([
    ['sleep', SERVICE, '// setTimeout(done) would drift\nsocket.setTimeout(5)'],
    ['sleep', 'services/platform/clock.ts', 'setTimeout(done, ms)'],
    ['time', SERVICE, "const name = 'Date.now'; const at = new Date(ms)"],
    ['time', 'services/kkt_adapter/src/delivery/worker.test.ts', 'const startedMs = performance.now()'],
    ['sql', SERVICE, '// SELECT a FROM b is slow'],
    ['sql', 'services/kkt_adapter/src/journal/queries.ts', "db.prepare('SELECT a FROM b')"],
    ['runtime', 'tests/harness/stack/run.ts', 'Bun.spawn(command)'],
    ['tooLongServiceFiles', 'services/mock_ofd/app.test.ts', `${'\n'.repeat(250)}const a = 1`],
    ['tooLongServiceFiles', 'tests/model/world/node.ts', `${'\n'.repeat(250)}const a = 1`],
    ['tooLongServiceFiles', SERVICE, `${'\n'.repeat(249)}const a = 1`],
    ['tooLongFunctions', SERVICE, LONG_WITH_SHORT_INSIDE],
    [
      'tooLongWholeFunctions',
      SERVICE,
      LONG_WITH_SHORT_INSIDE.replace('  function short() {\n    call()\n  }\n', '  call()\n'),
    ],
    ['tooLongWholeFunctions', 'services/kkt_adapter/src/delivery/worker.test.ts', LONG_WITH_SHORT_INSIDE],
    ['layers', PART, "import { a } from '../domain/a.ts'"],
    ['layers', PART, "import type { A } from '../sqlite/a.ts'"],
    ['layers', PART, "import a from './schema.sql' with { type: 'text' }"],
    ['layers', PART, "import { z } from 'zod'"],
    ['layers', COMPOSITION, "import { a } from './journal/a.ts'\nimport { b } from './config.ts'"],
    ['layers', 'services/kkt_adapter/src/journal/some.test.ts', "import { a } from '../testing/kit.ts'"],
    ['layers', 'services/kkt_adapter/src/testing/kit.ts', "import { a } from '../http/a.ts'"],
    ['casts', SERVICE, "const many = 'as any' // of: any"],
    ['shadowed', SERVICE, 'type RequestLine = Request["url"]; const request: Request = nextOne()'],
    ['dead', 'services/mock_ofd/main.ts', ''],
    ['plainComments', 'services/fault_kit/README.md', '# What it injects'],
    ['plainComments', SERVICE, '/** Only what is due. Who sends it? @param a what is sent */'],
    ['plainComments', SERVICE, "const text = 'What begins anew, for it is due.' // A text.\nconst next = 1 // what"],
    ['plainComments', SERVICE, '// It waits, for it to end, for the tests, for a till that is slow.'],
    ['literalSpreads', SERVICE, "f({ ...(a && { b }), ...c }) // ...{ d }\nconst text = '...{ e }'"],
    ['literalSpreads', 'docs/world.ts', 'const a = { ...{ b, c } }'],
  ])('%s in %s', (rule, path, text) => {
    expect(RULES[rule].find([source(path, text)])).toEqual([])
  })

  test('a file that is imported, by its path, its package or its import condition, is alive', () => {
    const manifest = JSON.stringify({ name: '@kkt/a', imports: { '#driver': { bun: './b.ts', default: './c.ts' } } })
    const alive = [
      source('services/a/package.json', manifest),
      source('services/a/main.ts', "import { d } from './d.ts'\nimport {\n  e,\n} from '@kkt/a/e.ts'"),
      source('services/a/d.ts', "export { open } from '#driver'"),
      ...['b', 'c', 'e'].map((name) => source(`services/a/${name}.ts`, '')),
    ]
    expect(shown('dead', alive)).toEqual([])
    const onlyTested = [source('services/a/f.ts', ''), source('services/a/f.test.ts', "import './f.ts'")]
    expect(shown('dead', onlyTested)).toHaveLength(1)
  })
})

test('a package is imported by whom the table names: the mock that runs in the process by the composition alone', () => {
  const manifest = (folder: string, name: string) => source(`services/${folder}/package.json`, JSON.stringify({ name }))
  const manifests = [manifest('mock_ofd', '@kkt/mock-ofd'), manifest('platform', '@kkt/platform')]
  const imports = (path: string, from: string) =>
    shown('layers', [...manifests, source(path, `import { a } from '${from}'`)]).length
  const importers = [COMPOSITION, PART, SERVICE, 'services/mock_odoo/app.ts']
  expect(importers.map((path) => imports(path, '@kkt/mock-ofd/app.ts'))).toEqual([0, 1, 1, 1])
  expect(importers.map((path) => imports(path, '@kkt/platform/clock.ts'))).toEqual([0, 0, 0, 0])
})

test('the lines of a function are its own, and as a whole those of functions within it, too', () => {
  const text = `export function outer({
  a,
}: Deps): { b: number } {
  if (a) {
    call()
  }
  const inner = async () => {
    call()
  }
  return {
    method(b: string): void {
      call(b)
    },
    'by its name'() {
      call('{')
    },
  }
}
const after = 1
`
  expect(functionLengths(source('a.ts', text))).toEqual([
    { line: 1, whole: 18, own: 9 },
    { line: 7, whole: 3, own: 3 },
    { line: 11, whole: 3, own: 3 },
    { line: 14, whole: 3, own: 3 },
  ])
})
