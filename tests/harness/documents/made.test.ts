import { expect, test } from 'bun:test'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { CHECKS } from '@kkt/mock-ofd/judge/judge.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { mayFollow, STATUSES } from '../../../services/kkt_adapter/src/domain/state.ts'
import { checkTable } from './check_table.ts'
import { faultTable } from './fault_table.ts'
import { PARTS, type Part, withPart, writeMade } from './made.ts'
import { OPENAPI_DOCUMENTS } from './openapi_documents.ts'
import { stateDiagram } from './state_diagram.ts'

const root = resolve(import.meta.dir, '../../..')

test.each(PARTS.map(({ name }) => name))('%s is as the code has it: made.ts writes it again', (name) => {
  const part = partOf(name)
  const text = readFileSync(join(root, part.document), 'utf8')
  expect(
    text === withPart(text, part),
    `${part.document} is stale: tests/harness/bun tests/harness/documents/made.ts`,
  ).toBe(true)
})

test.each(OPENAPI_DOCUMENTS)('$path is as the service answers it: made.ts writes it again', async ({ path, make }) => {
  const isFresh = readFileSync(join(root, path), 'utf8') === (await make())
  expect(isFresh, `${path} is stale: tests/harness/bun tests/harness/documents/made.ts`).toBe(true)
})

function partOf(name: string): Part {
  const part = PARTS.find((one) => one.name === name)
  if (!part) throw new Error(`no part is called ${name}`)
  return part
}

test('each fault has its row', () => {
  const rows = faultTable().trim().split('\n').slice(2)
  expect(rows.map((row) => /^\| `\{ "(\w+)": /.exec(row)?.[1])).toEqual(receiptFaults.map(({ name }) => name))
  for (const row of rows) expect(row.split('|')).toHaveLength(5)
})

test('each check of the mock OFD has its row', () => {
  const rows = checkTable().trim().split('\n').slice(2)
  expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(CHECKS.map(({ code }) => code))
  for (const row of rows) expect(row.split('|')).toHaveLength(6)
})

test('the picture has an arrow for each pair of states that may follow each other, and for no other', () => {
  const drawn = stateDiagram()
  const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const))
  const arrows = pairs.filter(([from, to]) => drawn.includes(`  ${from} --> ${to}\n`))
  expect(arrows).toEqual(pairs.filter(([from, to]) => mayFollow(from, to)))
  expect(allOf(drawn, /\[\*\] --> \w+/g)).toEqual(['[*] --> accepted'])
  expect(allOf(drawn, /\w+ --> \[\*\]/g)).toEqual(['refused', 'synced', 'closed'].map((end) => `${end} --> [*]`))
})

const allOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([whole]) => whole)

test('a part replaces the earlier one, and the rest stays', () => {
  const part = { document: 'a.md', name: 'faults', make: () => 'new\n' }
  const document = (between: string) => `a\n<!-- faults -->\n${between}<!-- /faults -->\nb`
  expect(withPart(document('old\n'), part)).toBe(document('new\n'))
  expect(withPart(document(''), part)).toBe(document('new\n'))
  expect(() => withPart('a', part)).toThrow('a.md has no lines')
})

test('the command rewrites what is stale', async () => {
  const folder = newFolder('documents')
  try {
    for (const { document } of PARTS) cpSync(join(root, document), join(folder, document), { recursive: true })
    for (const { path } of OPENAPI_DOCUMENTS) mkdirSync(dirname(join(folder, path)), { recursive: true })
    const { document, name } = partOf('states')
    const path = join(folder, document)
    writeFileSync(path, withPart(readFileSync(path, 'utf8'), { document, name, make: () => 'stale\n' }))
    await writeMade(folder)
    for (const part of PARTS) {
      const text = readFileSync(join(folder, part.document), 'utf8')
      expect(withPart(text, part)).toBe(text)
    }
    for (const { path, make } of OPENAPI_DOCUMENTS) {
      expect(readFileSync(join(folder, path), 'utf8')).toBe(await make())
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
