import { expect, test } from 'bun:test'
import { changeOf } from './changes.ts'
import type { EventKind } from './wire.ts'
import { WORDS } from './words/words.ts'

const change = (kind: EventKind, from: string | null, to: string) =>
  [WORDS.en, WORDS.ru].map((words) => changeOf({ kind, from, to }, words))

test('a change is told in the words of its kind, in either language', () => {
  expect(change('receipt', 'unknown', 'pending')).toEqual(['unknown → pending', 'неясен → ждёт ОФД'])
  expect(change('task', 'asked', 'done')).toEqual(['handed to the KKT → done', 'передано ККТ → выполнено'])
  expect(change('odoo', 'unknown', 'online')).toEqual([
    'not heard yet → takes the heartbeat',
    'ещё не отвечал → принимает сигналы',
  ])
  expect(change('lease', 'not_asked', 'held')).toEqual(['not asked → held', 'не запрошено → получено'])
  expect(change('command', null, 'sync')).toEqual(['everything sent', 'отправка всего'])
  expect(change('kkt', '9999000000000001', '9999000000000002')[1]).toBe('9999000000000001 → 9999000000000002')
  expect(change('breaker', 'CLOSED', 'OPEN')[1]).toBe('отправка идёт → приостановлена')
})

test('one without a former state is told by its state, and an unknown state as it is', () => {
  expect(change('lease', null, 'lost')).toEqual(['lost', 'потеряно'])
  expect(change('receipt', 'pending', 'toString')).toEqual(['pending → toString', 'ждёт ОФД → toString'])
})
