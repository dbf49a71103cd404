import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { claimStack, killedRuns, whileClaimed } from './claim.ts'
import { localFolders } from './local_found.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/claim-`)
})

const children: Bun.Subprocess[] = []
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(children.splice(0).map(({ exited }) => exited))
  rmSync(root, { recursive: true })
})

const TEST = { project: 'p', command: 'test' } as const
const UP = { project: 'p', command: 'up' } as const
const DOWN = { project: 'p', command: 'down' } as const

/** Leaves the claim of a killed run: its process is gone. */
function killed(owner: string) {
  mkdirSync(`${root}/.stack/.claims`, { recursive: true })
  writeFileSync(`${root}/.stack/.claims/p`, ['999999999', '1', owner, 'test', '14:03:11'].join('\n'))
}

/** For each line that it gets, claims once, prints the result, and keeps the claim. */
const CLAIMANT = `
const { claimStack } = await import(${JSON.stringify(`${import.meta.dir}/claim.ts`)})
const root = process.argv[1]
process.stdout.write('ready')
for await (const _ of process.stdin) {
  const said = await claimStack(root, { project: 'p', command: 'up' }).then((claim) => (claim.own('run'), 'got it'), (error) => error.message)
  process.stdout.write(said)
}`

/** A process of its own that claims on demand. */
async function claimant() {
  const child = Bun.spawn([process.execPath, '-e', CLAIMANT, root], { stdin: 'pipe', stdout: 'pipe' })
  children.push(child)
  const reader = child.stdout.getReader()
  const said = async () => new TextDecoder().decode((await reader.read()).value)
  expect(await said()).toBe('ready')
  const claim = async () => {
    child.stdin.write('claim\n')
    child.stdin.flush()
    return await said()
  }
  const killHard = async () => {
    child.kill('SIGKILL')
    await child.exited
  }
  return { pid: child.pid, claim, killHard }
}

test('one command works on a project at a time, and a second one is told which and what to do', async () => {
  const first = await claimStack(root, TEST)
  const line = `^make test \\(pid ${process.pid}, since \\d\\d:\\d\\d:\\d\\d\\) is at work on this stack: wait for it, or end it with Ctrl-C there\\.$`
  await expect(claimStack(root, UP)).rejects.toThrow(new RegExp(line))
  await expect(claimStack(root, UP)).rejects.toMatchObject({ name: 'Stop', exitCode: 1 })
  const other = await claimStack(root, { ...TEST, project: 'q' })
  first.release()
  const second = await claimStack(root, TEST)
  expect([first.isLeftover, second.isLeftover, other.isLeftover]).toEqual([false, false, false])
})

test('of many commands that begin at once exactly one gets the claim of a killed command', async () => {
  const killed = await claimant()
  expect(await killed.claim()).toBe('got it')
  await expect(claimStack(root, UP)).rejects.toThrow(`make up (pid ${killed.pid}, `)
  const many = await Promise.all(Array.from({ length: 4 }, claimant))
  await killed.killHard()
  const said = await Promise.all(many.map(({ claim }) => claim()))
  const winners = many.filter((_, i) => said[i] === 'got it')
  expect(winners).toHaveLength(1)
  const refusals = said.filter((line) => line !== 'got it')
  const byWinner = expect.stringContaining(`make up (pid ${winners[0]?.pid}, `)
  expect(refusals).toEqual(Array.from({ length: 3 }, () => byWinner))
})

test.each(['works', 'fails'])('a command gives its claim back when it %s, and not before', async (outcome) => {
  const end = Promise.withResolvers<string>()
  const begun = Promise.withResolvers<void>()
  const work = whileClaimed(root, TEST, () => {
    begun.resolve()
    return end.promise
  })
  await begun.promise
  await expect(claimStack(root, DOWN)).rejects.toThrow('make test (pid ')
  if (outcome === 'works') end.resolve('done')
  else end.reject(new Error('failed'))
  await Promise.allSettled([work])
  expect(await whileClaimed(root, DOWN, async () => 'down')).toBe('down')
  expect(await whileClaimed(root, UP, async () => 'up')).toBe('up')
})

test('a holder that has not written down its name yet is not taken for the killed command before it', async () => {
  killed('user')
  const next = new Database(`${root}/.stack/.claims/p.lock`)
  next.run('BEGIN IMMEDIATE')
  await expect(claimStack(root, UP, 50)).rejects.toThrow('Another command is at work on this stack: ')
  next.close()
  ;(await claimStack(root, UP)).release()
})

test('a claim outlives the removal of its stack’s folder', async () => {
  await claimStack(root, TEST)
  rmSync(localFolders(root, 'p').folder, { recursive: true, force: true })
  await expect(claimStack(root, UP)).rejects.toThrow('make test (pid ')
})

test('a killed run leaves its own stack behind, not the user’s', async () => {
  killed('user')
  const user = await claimStack(root, TEST)
  expect(user.isLeftover).toBe(false)
  user.release()
  killed('run')
  const claim = await claimStack(root, TEST)
  expect(claim.isLeftover).toBe(true)
  claim.own('user')
  claim.release()
  expect((await claimStack(root, TEST)).isLeftover).toBe(false)
})

test('the stack of a killed run stays known until a command has taken it over', async () => {
  killed('run')
  const failed = await claimStack(root, UP)
  const text = await Bun.file(`${root}/.stack/.claims/p`).text()
  expect(text.split('\n')).toEqual([String(process.pid), expect.any(String), 'run', 'up', expect.any(String)])
  failed.release()
  expect((await claimStack(root, TEST)).isLeftover).toBe(true)
})

test('the stack of a killed run is reported until the user takes it over or removes it', async () => {
  expect(await killedRuns(root)).toEqual([])
  const alive = await claimStack(root, { ...TEST, project: 'q' })
  alive.own('run')
  killed('user')
  expect(await killedRuns(root)).toEqual([])
  killed('run')
  expect(await killedRuns(root)).toEqual(['p'])
  await whileClaimed(root, DOWN, async (claim) => claim.own('user'))
  expect(await killedRuns(root)).toEqual([])
  expect((await claimStack(root, TEST)).isLeftover).toBe(false)
})
