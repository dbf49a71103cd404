import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { claimRun, forgetKilledRun, killedRuns } from './claim.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/claim-`)
})
afterEach(() => rmSync(root, { recursive: true }))

/** As a run leaves it that was killed: the process is gone. */
const killed = (owner: string) => writeFileSync(`${root}/.stack/.runs/p`, ['999999999', '1', owner].join('\n'))

test('one run a project at a time, and the line says what to do', async () => {
  const first = await claimRun(root, 'p')
  await expect(claimRun(root, 'p')).rejects.toThrow(`under way (process ${process.pid}): wait for it, or`)
  const other = await claimRun(root, 'q')
  first.release()
  const second = await claimRun(root, 'p')
  expect([first.isLeftover, second.isLeftover, other.isLeftover]).toEqual([false, false, false])
})

test('a run that was killed leaves its own stack behind, and not that of the user', async () => {
  ;(await claimRun(root, 'p')).release()
  killed('user')
  ;(await claimRun(root, 'p')).release()
  killed('user')
  expect((await claimRun(root, 'p')).isLeftover).toBe(false)
  killed('run')
  const claim = await claimRun(root, 'p')
  expect(claim.isLeftover).toBe(true)
  claim.own('user')
  claim.release()
  expect((await claimRun(root, 'p')).isLeftover).toBe(false)
})

test('what a killed run has left stays known until the next one has taken it over', async () => {
  ;(await claimRun(root, 'p')).release()
  killed('run')
  await claimRun(root, 'p')
  const text = await Bun.file(`${root}/.stack/.runs/p`).text()
  expect(text.split('\n')).toEqual([String(process.pid), expect.any(String), 'run'])
})

test('what a killed run has left is told, until the user takes it over or removes it', async () => {
  expect(await killedRuns(root)).toEqual([])
  const alive = await claimRun(root, 'q')
  alive.own('run')
  killed('user')
  expect(await killedRuns(root)).toEqual([])
  killed('run')
  expect(await killedRuns(root)).toEqual(['p'])
  await forgetKilledRun(root, 'p')
  await forgetKilledRun(root, 'q')
  expect(await killedRuns(root)).toEqual([])
  expect((await claimRun(root, 'p')).isLeftover).toBe(false)
  await expect(claimRun(root, 'q')).rejects.toThrow('under way')
})
