import { expect, test } from 'bun:test'
import { WORDS } from './words/words.ts'

type Leaf = { path: string; value: unknown }

const leaves = (value: unknown, path = ''): Leaf[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
    : [{ path, value }]

const [en, ru] = [leaves(WORDS.en), leaves(WORDS.ru)]

test('each text is in both languages, and is of the same kind', () => {
  const kinds = (all: Leaf[]) => all.map(({ path, value }) => `${path} ${typeof value}`).sort()
  expect(kinds(ru)).toEqual(kinds(en))
  expect(en.length).toBeGreaterThan(150)
})

test('no text is left in the other language', () => {
  /** Names that both languages write alike. */
  const names = new Set(['.locale', '.docs', '.kinds.odoo', '.parts.odoo', '.parts.redis'])
  const english = new Map(en.map(({ path, value }) => [path, value]))
  const texts = ru.filter(({ path, value }) => typeof value === 'string' && !names.has(path))
  expect(texts.filter(({ path, value }) => english.get(path) === value)).toEqual([])
  expect(texts.filter(({ value }) => !/\p{Script=Cyrillic}/u.test(String(value)))).toEqual([])
  expect(en.filter(({ value }) => /\p{Script=Cyrillic}/u.test(String(value)))).toEqual([])
})

test('no text is empty', () => {
  expect([...en, ...ru].filter(({ value }) => value === '')).toEqual([])
})
