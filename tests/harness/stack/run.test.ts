import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { run } from './run.ts'

const IN_COLOUR = String.raw`printf '\033[2Kone\n\033[3'; printf '1mtwo\033[0m\nthree'; printf '\033[2Kfour\n' >&2`
const cwd = import.meta.dir

test('kept output has no terminal sequences in it', async () => {
  expect(await run(['sh', '-c', IN_COLOUR], { cwd, output: 'kept' })).toEqual({
    exitCode: 0,
    stdout: 'one\ntwo\nthree',
    stderr: 'four\n',
    isLate: false,
  })
})

test('output shown plain has none either, however it was split', () => {
  const script = `
    import { run } from '${cwd}/run.ts'
    await run(['sh', '-c', process.argv[1]], { cwd: '${cwd}', output: 'shown plain' })`
  const command = ['--no-env-file', '--eval', script, IN_COLOUR]
  expect(spawnSync(process.execPath, command, { encoding: 'utf8' }).stdout).toBe('one\ntwo\nthree')
})

test('a program that ends in time is not late', async () => {
  const command = ['sh', '-c', 'echo out; echo err >&2; exit 3']
  expect(await run(command, { cwd: '.', output: 'kept', withinMs: 10_000 })).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    isLate: false,
  })
})

test('a program that is late is killed with its children', async () => {
  const pids: number[] = []
  const command = ['sh', '-c', 'trap "" TERM; sleep 1000 & sleep 1000']
  const onStart = (pid: number) => pids.push(pid)
  const { isLate } = await run(command, { cwd: '.', output: 'kept', withinMs: 100, onStart })
  expect(isLate).toBe(true)
  expect(pids).toHaveLength(1)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
