import { expect, test } from 'bun:test'
import { run } from './run.ts'

test('a program that ends in time is not late', async () => {
  const command = ['sh', '-c', 'echo out; echo err >&2; exit 3']
  expect(await run(command, { cwd: '.', output: 'kept', withinMs: 10_000 })).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    isLate: false,
  })
})

test('a program that is late is ended, and what it has started too', async () => {
  const pids: number[] = []
  const command = ['sh', '-c', 'trap "" TERM; sleep 1000 & sleep 1000']
  const onStart = (pid: number) => pids.push(pid)
  const { isLate } = await run(command, { cwd: '.', output: 'kept', withinMs: 100, onStart })
  expect(isLate).toBe(true)
  expect(pids).toHaveLength(1)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
