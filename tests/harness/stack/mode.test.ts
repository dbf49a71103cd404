import { expect, test } from 'bun:test'
import { chooseMode, type Engine } from './mode.ts'

const engine = async (): Promise<Engine> => ({ version: '26.1.5' })
const none = async (): Promise<Engine> => ({ lacks: 'no Docker engine answers' })
const unasked = async (): Promise<Engine> => {
  throw new Error('the engine was asked')
}

test('Compose where an engine answers, else local', async () => {
  expect(await chooseMode(undefined, false, engine)).toEqual({ mode: 'compose', why: 'Docker 26.1.5 answers' })
  expect(await chooseMode(undefined, false, none)).toEqual({ mode: 'local', why: 'no Docker engine answers' })
})

test('what is asked for wins, and local does not ask the engine', async () => {
  expect(await chooseMode('local', false, unasked)).toEqual({ mode: 'local', why: 'MODE=local' })
  expect(await chooseMode('compose', true, engine)).toMatchObject({ mode: 'compose' })
})

test('a local stack that is up is the one to look at', async () => {
  expect(await chooseMode(undefined, true, unasked)).toEqual({ mode: 'local', why: 'a local stack is up' })
})

test('Compose that cannot be had says why and what else there is', async () => {
  await expect(chooseMode('compose', false, none)).rejects.toThrow(
    'MODE=compose cannot be had, for no Docker engine answers: mend that, or take MODE=local.',
  )
})
