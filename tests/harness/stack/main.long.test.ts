import { afterEach, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Claim, claimStack } from './claim.ts'
import { run } from './run.ts'
import { NOT_UP } from './stack.ts'

const root = resolve(import.meta.dir, '../../..')
const project = `main_test_${process.pid}`

let claim: Claim | undefined
afterEach(() => {
  claim?.release()
  claim = undefined
  for (const path of [`.stack/.claims/${project}.lock`, `test-results/${project}`])
    rmSync(`${root}/${path}`, { recursive: true, force: true })
})

function call(args: string[], env = {}) {
  const flags = ['--mode', 'local', '--project', project]
  const command = [process.execPath, '--no-env-file', 'tests/harness/stack/main.ts', ...args, ...flags]
  return run(command, { cwd: root, env: { ...process.env, ...env }, output: 'kept' })
}

/** With this port nothing can start, in case a command gets that far. */
const NO_PORT = { KKT_ADAPTER_PORT: 'none' }

test.each(['up', 'down', 'test', 'dev'])(
  '%s does nothing while another command works on the stack',
  async (command) => {
    claim = await claimStack(root, { project, command: 'test' })
    const { stdout, stderr, exitCode } = await call([command], NO_PORT)
    expect(stderr).toMatch(
      new RegExp(`^make test \\(pid ${process.pid}, since [\\d:]{8}\\) is at work on this stack: .+\n$`),
    )
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
  },
)

test.each(['logs', 'sql --query=x', 'fault'])('%s works beside any command', async (line) => {
  claim = await claimStack(root, { project, command: 'test' })
  expect((await call(line.split(' '))).stderr).toEndWith(`${NOT_UP}\n`)
})

test.each(['up', 'dev', 'test'])(
  '%s tells of a setting that is nearly one, before it starts anything',
  async (command) => {
    const { stderr, exitCode } = await call([command], { ...NO_PORT, SYNC_INTERVL: '3' })
    expect(stderr).toStartWith('SYNC_INTERVL=… is not known: did you mean SYNC_INTERVAL=…?\n')
    expect(stderr).toContain('KKT_ADAPTER_PORT is "none"')
    expect(exitCode).toBe(1)
  },
)

test('down gives the stack back', async () => {
  expect(await call(['down'])).toMatchObject({ exitCode: 0, stderr: '' })
  claim = await claimStack(root, { project, command: 'up' })
})
