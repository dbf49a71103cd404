/** Tables that repeat the code have a row for each thing in the code, and no other row. */
import { describe, expect, test } from 'bun:test'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { whenSchema } from '@kkt/fault-kit/plan.ts'
import { COMMON_PROBLEMS } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { adapterBook } from '../../../services/kkt_adapter/src/book.ts'
import { STATUSES } from '../../../services/kkt_adapter/src/domain/state.ts'
import { VAT_VERDICT_CODES } from '../../../services/kkt_adapter/src/domain/vat_verdicts.ts'
import { readTills } from '../../../services/kkt_adapter/src/tills_file.ts'
import { receiptAnswer } from '../wire.ts'
import { documentAt, documents, fences, root, tableRows } from './documents.ts'

const README = documentAt('README.md')
const ADAPTER = documentAt('services/kkt_adapter/README.md')
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const sources = (pattern: string) =>
  globSync(pattern, { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map(read)
    .join('\n')
const sorted = (all: Iterable<string>) => [...new Set(all)].sort()
const firstCodes = (rows: string[][]) =>
  sorted(rows.flatMap(([first = '']) => [...first.matchAll(/`([^`]+)`/g)].map(({ 1: code = '' }) => code)))
const openapi = z.object({
  paths: z.object({
    '/v1/kkt/receipt': z.object({ post: z.object({ responses: z.record(z.string(), z.unknown()) }) }),
  }),
})
/** The first group of each match, or the whole of it. */
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, group]) => group ?? whole)

test("the first document has each status of a sale's answer, and no other", () => {
  const { responses } = openapi.parse(JSON.parse(read('services/kkt_adapter/openapi.json'))).paths['/v1/kkt/receipt']
    .post
  const written = tableRows(README, 'answer', '## I build a till').flatMap(([answer = '']) =>
    found(answer, /\b\d{3}\b/g),
  )
  expect(sorted(written)).toEqual(sorted(Object.keys(responses)))
})

describe("the adapter's document", () => {
  test('has each route, and no other', () => {
    const text = sources('services/{kkt_adapter/src/http,mock_kkt/in_process,pages}/*.ts')
    const isWhole = (path: string) => /^\/(v1|metrics|day|receipts|_page|$)/.test(path)
    const prefix = (path: string) => (isWhole(path) ? path : `/v1/kkt/_test${path}`)
    const routes = [...text.matchAll(/\.(get|post)\(\s*'(\/[^']*)'/g)].map(
      ({ 1: method = '', 2: path = '' }) => `${method.toUpperCase()} ${prefix(path).replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(routes.length).toBeGreaterThan(10)
    routes.push('GET /docs', 'GET /openapi.json')
    const written = [...tableRows(ADAPTER, 'route', '## Routes'), ...tableRows(ADAPTER, 'route', "### The tests' side")]
    expect(firstCodes(written).filter((code) => code.includes(' '))).toEqual(sorted(routes))
  })

  test('has each code of an error with its status, and no other', () => {
    const text = sources('services/{kkt_adapter/src,platform}/**/*.ts')
    const problems = [...text.matchAll(/new Problem\(\s*(\d+),\s*'(\w+)'/g)].map(
      ({ 1: status, 2: code }) => `${code} ${status}`,
    )
    // This code is made from the wrong part of the request.
    const ofInput = ['invalid_headers 400', 'invalid_body 422', 'invalid_params 422', 'invalid_query 422']
    expect(problems.length).toBeGreaterThan(15)
    const written = tableRows(ADAPTER, 'code', '## Errors').flatMap(([codes = '', status]) =>
      found(codes, /`(\w+)`/g).map((code) => `${code} ${status}`),
    )
    expect(sorted(written)).toEqual(sorted([...problems, ...ofInput]))
    const documented = Object.entries({ ...COMMON_PROBLEMS, ...adapterBook.problems })
    expect(sorted(documented.map(([code, { status }]) => `${code} ${status}`))).toEqual(sorted(written))
  })

  test('has each setting with its default and the one of the test stack, and no other', () => {
    const code = sources('services/{kkt_adapter/src/{config,*_variables},platform/settings}.ts')
    const settings = [...code.matchAll(/^ {2}([A-Z][A-Z_]+): ([\s\S]*?)(?=,\n {2}(?:\S|$)|,\n\})/gm)].map(
      ({ 1: name = '', 2: rule = '' }) => {
        const [usual] = found(rule, /\.(?:default|prefault)\('?([^')]*)'?\)?/g)
        const isPort = usual?.startsWith('String(') ?? false
        return [name, { usual: isPort ? '8000' : (usual ?? '–'), stack: stackDefault(name) }] as const
      },
    )
    expect(settings.length).toBeGreaterThan(20)
    const written = tableRows(ADAPTER, 'variable', '## Settings').map(([name = '', usual = '', stack = '']) => {
      const plain = (cell: string) => cell.replaceAll('`', '')
      return [plain(name), { usual: plain(usual), stack: plain(stack) }] as const
    })
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(settings))
  })

  test('numbers the guarantees as the tests do that hold them', () => {
    const guarantees = ADAPTER.text.slice(
      ADAPTER.text.indexOf('\n## Guarantees\n'),
      ADAPTER.text.indexOf('\n## When things'),
    )
    const titles = globSync('{services,tests}/**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
    const held = found(titles.map(read).join('\n'), /invariants? (\d+): /g)
    expect(sorted(held)).toEqual(sorted(found(guarantees, /^(\d+)\. \*\*/gm)))
  })

  test("shows a sale's answer as the contract has it, and a file of tills as it is read", () => {
    const [answer, tills, ...others] = fences(ADAPTER).filter(({ language }) => language === 'json')
    expect(others).toEqual([])
    expect(readTills(tills?.text ?? '').kind).toBe('read')
    expect(receiptAnswer.parse(JSON.parse(answer?.text ?? ''))).toEqual(JSON.parse(answer?.text ?? ''))
  })

  test('has each code of a warning, and no other', () => {
    const text = sources(
      'services/kkt_adapter/src/{domain/{differences,printable,refund},http/{warnings,task_answers}}.ts',
    )
    const written = tableRows(ADAPTER, 'warning', '### Warnings').map(([codes = '']) => [codes])
    expect(firstCodes(written)).toEqual(sorted([...found(text, /code: '(\w+)'/g), ...VAT_VERDICT_CODES]))
  })

  test('has each caution of a start, and no other', () => {
    const [, told = ''] = /^A start warns of (.*(?:\n.+)*)/m.exec(ADAPTER.text) ?? []
    const code = sources('services/kkt_adapter/src/cautions.ts')
    expect(sorted(found(told, /`([a-z_]+)` \(/g))).toEqual(sorted(found(code, /warn\('(\w+)'/g)))
  })

  test('has each state, and no other', () => {
    const rows = tableRows(ADAPTER, 'status', '## The states of a receipt')
    expect(firstCodes(rows.map(([first = '']) => [first]))).toEqual(sorted(STATUSES))
  })

  test('walks through files that there are', () => {
    const named = [
      ...tableRows(ADAPTER, 'file', '## Code map')
        .join()
        .matchAll(/\]\((src\/[^)]+)\)/g),
    ]
    expect(named.length).toBeGreaterThan(10)
    expect(
      named.map(({ 1: path }) => path).filter((path) => !existsSync(`${root}/services/kkt_adapter/${path}`)),
    ).toEqual([])
  })
})

/** The value that `services/compose.yml` gives the adapter. */
function stackDefault(name: string): string {
  const adapter = read('services/compose.yml')
  const settings = adapter.slice(0, adapter.indexOf('x-container'))
  const own = adapter.slice(adapter.indexOf('kkt_adapter: &kkt_adapter'), adapter.indexOf('kkt_adapter_2:'))
  const [given] = found(settings + own, new RegExp(`^ +${name}: (?:\\$\\{${name}:-)?(.*?)\\}?$`, 'gm'))
  return given || '–'
}

test("the fault kit's document has each field of a plan, and no other", () => {
  const rows = tableRows(documentAt('services/fault_kit/README.md'), 'field', '## Put a fault on')
  expect(firstCodes(rows)).toEqual(sorted(Object.keys(whenSchema.shape)))
})

test("the tests' document has each folder of the tests", () => {
  const folders = globSync('tests/*/', { cwd: root }).map((path) => path.replace(/^tests\/|\/$/g, ''))
  const rows = tableRows(documentAt('tests/README.md'), 'folder', '# The tests')
  expect(folders.length).toBeGreaterThan(8)
  expect(firstCodes(rows).filter((code) => code !== 'services/')).toEqual(sorted(folders.map((name) => `${name}/`)))
})

test('no document names a tracker, or begins a sentence with a word that stands for a noun', () => {
  const slips = /(?:^|[.:|] )(?:What|Who|Whoever|Whatever) (?!is|are|happens)|\banew\b|(?<=\s)#\d+\b/gm
  expect(documents.flatMap(({ path, text }) => found(text, slips).map((words) => `${path}: ${words}`))).toEqual([])
})
