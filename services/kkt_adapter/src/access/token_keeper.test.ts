import { expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { temporaryFile } from '../testing/kit.ts'
import { keepTokens } from './token_keeper.ts'
import { holderOf, lineFor, newToken } from './tokens.ts'

const [ONE, TWO] = [newToken(), newToken()]
const [FIRST, SECOND] = [lineFor(ONE, ['till-1', 'till', 'POS-1']), lineFor(TWO, ['till-2', 'till', 'POS-2'])]
/** Less than a second, as the README says of a change: one look at least, and two. */
const ONE_LOOK_MS = 500
const LOOKED_MS = 1000

function kept(text = `${FIRST}\n${SECOND}\n`) {
  const path = temporaryFile('tokens')
  writeFileSync(path, text)
  const clock = new TestClock()
  const lines: string[] = []
  const logger = createLogger('test', 'debug', (line) => lines.push(line))
  const keeper = keepTokens({ kind: 'file', path }, { clock, logger })
  keeper.start()
  const names = () => [ONE, TWO].map((token) => holderOf(keeper.tokens(), token)?.name ?? null)
  return {
    keeper,
    path,
    lines,
    names,
    clock,
    look: () => clock.advance(LOOKED_MS),
    async write(changed: string) {
      writeFileSync(path, changed)
      await clock.advance(LOOKED_MS)
    },
  }
}

test('a token that is taken out stops working, and its streams are told', async () => {
  const { keeper, names, write, lines } = kept()
  const holder = holderOf(keeper.tokens(), TWO)
  expect(names()).toEqual(['till-1', 'till-2'])
  await write(`${FIRST}\n`)
  expect(names()).toEqual(['till-1', null])
  expect(holder?.ended.aborted).toBe(true)
  await write(`${FIRST}\n${SECOND}\n`)
  expect(names()).toEqual(['till-1', 'till-2'])
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['tokens_renewed', 'tokens_renewed'])
})

test('a file that turns bad, or is gone, keeps the earlier tokens, and is told once', async () => {
  const { keeper, names, write, look, lines, path } = kept()
  await write(`${FIRST}\n${TWO}\n`)
  expect(names()).toEqual(['till-1', 'till-2'])
  expect(keeper.fault()).toContain('The file of API_TOKENS_FILE, line 2 (not shown)')
  await look()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('tokens_not_renewed')
  expect(lines[0]).not.toContain(TWO)
  rmSync(path)
  await look()
  expect(keeper.fault()).toContain('cannot be read (ENOENT)')
  await write(`${SECOND}\n`)
  expect([keeper.fault(), names()]).toEqual([null, [null, 'till-2']])
})

test('a file of which half is written takes no token out', async () => {
  const { keeper, names, lines, path, clock } = kept()
  const holder = holderOf(keeper.tokens(), TWO)
  for (const half of [`${FIRST}\n`, '', `${FIRST}\n`]) {
    writeFileSync(path, half)
    await clock.advance(ONE_LOOK_MS)
    expect(names()).toEqual(['till-1', 'till-2'])
    writeFileSync(path, `${FIRST}\n${SECOND}\n# ${half.length}\n`)
    await clock.advance(ONE_LOOK_MS)
  }
  expect([holder?.ended.aborted, keeper.fault(), lines]).toEqual([false, null, []])
})

test('the same text ends no stream and logs nothing', async () => {
  const { keeper, write, lines } = kept()
  const holder = holderOf(keeper.tokens(), ONE)
  await write(`${FIRST}\n${SECOND}\n`)
  await write(`# another comment\n${FIRST}\n${SECOND}\n`)
  expect(holderOf(keeper.tokens(), ONE)).toBe(holder ?? null)
  expect(lines).toHaveLength(1)
})

test('a text of its own is read once', () => {
  const logger = createLogger('test', 'debug', () => undefined)
  const keeper = keepTokens({ kind: 'text', text: FIRST }, { clock: new TestClock(), logger })
  expect(holderOf(keeper.tokens(), ONE)?.name).toBe('till-1')
  const bad = () => keepTokens({ kind: 'text', text: ONE }, { clock: new TestClock(), logger })
  expect(bad).toThrow('API_TOKENS, line 1 (not shown)')
})
