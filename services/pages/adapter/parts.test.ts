import { expect, test } from 'bun:test'
import { partsOf } from './parts.ts'
import { health, status } from './testing.ts'
import type { Health } from './wire.ts'
import { WORDS } from './words/words.ts'

const partIn = (told: Health, name: string) =>
  partsOf({ status: status(), health: told }, WORDS.en).find((row) => row.name === name)

test('a file of tills or tokens that is not taken is shown with its fault', () => {
  const error = 'The file cannot be read.'
  const faulty = health({ tills: { status: 'degraded', error }, access: { status: 'degraded', error } })
  for (const name of ['tills', 'access']) expect(partIn(faulty, name)).toMatchObject({ tone: 'warn', text: error })
})

test.each([
  ['off', { tone: 'calm', text: 'no file set' }],
  ['healthy', { tone: 'good', text: 'read from TILLS_FILE' }],
] as const)('the settings of the tills are shown where they are %s', (state, shown) => {
  expect(partIn(health({ tills: { status: state } }), 'tills')).toMatchObject(shown)
})

test('a part is shown as soon as it is known', () => {
  const names = partsOf({ status: status(), health: null }, WORDS.en).map(({ name }) => name)
  expect([names, partsOf({ status: null, health: null }, WORDS.en)]).toEqual([['lease'], []])
})

test('where the KKT delivers, nobody holds a right to send', () => {
  const absent = { state: 'ABSENT', failure_count: 0, opened_at: null, next_probe_at: null } as const
  expect(partsOf({ status: status({ circuit_breaker: absent }), health: null }, WORDS.en)).toEqual([])
})
