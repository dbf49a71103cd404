import { afterAll, expect, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Stop } from '../harness/stack/stop.ts'
import { keptRun } from './kept_run.ts'

const NAME = 'kept_run_test'
const root = resolve(import.meta.dir, '../..')
const run = { name: NAME, seed: 7, replay: 'make it SEED=7' }
afterAll(() => rmSync(join(root, 'test-results', NAME), { recursive: true, force: true }))

test('the folder begins empty, and stays with the failures and the line that replays them', async () => {
  const ended = await keptRun(run, async (path, folder) => {
    expect(path).toBe(join(root, folder))
    writeFileSync(join(path, 'log'), '')
    return ['lost: receipt it gone']
  })
  expect(ended).toMatchObject({ failed: ['lost: receipt it gone'], folder: `test-results/${NAME}/7` })
  const said = readFileSync(join(root, ended.folder, 'failures.txt'), 'utf8')
  expect(said).toBe('lost: receipt it gone\n\nmake it SEED=7 replays it.\n')
  await keptRun(run, async (path) => {
    expect(existsSync(join(path, 'log'))).toBe(false)
    return []
  })
  expect(existsSync(join(root, ended.folder))).toBe(false)
})

test('an error is a failure, and a Stop is thrown on', async () => {
  const ended = await keptRun(run, () => Promise.reject(new Error('no more memory')))
  expect(ended.failed).toEqual([expect.stringMatching(/^the run came to no end: Error: no more memory/)])
  await expect(keptRun(run, () => Promise.reject(new Stop('Interrupted.')))).rejects.toThrow('Interrupted.')
})
