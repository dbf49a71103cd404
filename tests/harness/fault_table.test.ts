import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { faultTable, README, withTable } from './fault_table.ts'

test("the README's table of faults is the catalogue's: tests/harness/bun tests/harness/fault_table.ts writes it anew", () => {
  const readme = readFileSync(README, 'utf8')
  expect(readme).toBe(withTable(readme))
})

test('each fault has its row', () => {
  const rows = faultTable().trim().split('\n').slice(2)
  expect(rows.map((row) => /^\| `\{ "(\w+)": /.exec(row)?.[1])).toEqual(receiptFaults.map(({ name }) => name))
  for (const row of rows) expect(row.split('|')).toHaveLength(5)
})

test('the table takes the place of the one before, and the rest stays', () => {
  const readme = (between: string) => `a\n<!-- faults -->\n${between}<!-- /faults -->\nb`
  expect(withTable(readme('old\n'))).toBe(readme(faultTable()))
  expect(withTable(readme(''))).toBe(readme(faultTable()))
  expect(() => withTable('a')).toThrow('README.md has no lines')
})
