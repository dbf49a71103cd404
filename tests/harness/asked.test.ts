import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { LONG, seededRandom } from '@kkt/platform/testing.ts'

const SEEDS = 'it takes a whole number from 0 to 4294967295'

const REFUSED: readonly (readonly [program: string, env: Record<string, string>, line: string])[] = [
  ['crash', { KILLS: 'many' }, 'KILLS is "many": it takes a whole number from 1 to 100000'],
  ['crash', { KILLS: '0' }, 'KILLS is "0": it takes a whole number from 1 to 100000'],
  ['crash', { KILLS: '1', SEED: '4294967296' }, `SEED is "4294967296": ${SEEDS}`],
  ['crash', { KILLS: '1', KKT: 'ATOL' }, 'KKT is "ATOL": it takes mock or atol'],
  ['chaos', { MINUTES: '0.1', KKT: 'register' }, 'KKT is "register": it takes mock or atol'],
  ['model', { HISTORIES: '1', KKT: 'file' }, 'KKT is "file": it takes mock or atol'],
  ['chaos', { MINUTES: 'many' }, 'MINUTES is "many": it takes a number from 0.1 to 600'],
  ['chaos', { MINUTES: '0' }, 'MINUTES is "0": it takes a number from 0.1 to 600'],
  ['chaos', { MINUTES: '0.5', SEED: '-1' }, `SEED is "-1": ${SEEDS}`],
  ['siege', { MINUTES: '61' }, 'MINUTES is "61": it takes a number from 0.1 to 60'],
  ['model', { HISTORIES: '1.5' }, 'HISTORIES is "1.5": it takes a whole number from 1 to 10000000'],
  ['harness/profile', { DURATION: '601' }, 'DURATION is "601": it takes a whole number from 1 to 600'],
]

/** Each starts a program with all that it imports. The short form has one of them, another in other runs. */
const tried = LONG ? REFUSED : REFUSED.slice(seededRandom()(REFUSED.length)).slice(0, 1)

test.each(tried)('%s refuses %p by name, before anything is started', (folder, env, line) => {
  const main = resolve(import.meta.dir, `../${folder}/main.ts`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${line}.\n` })
})
