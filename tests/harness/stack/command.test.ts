import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'

const IMPORTS = `
  import { runCommand } from '${import.meta.dir}/command.ts'
  import { throwIfInterrupted } from '${import.meta.dir}/interruption.ts'
  import { Stop } from '${import.meta.dir}/stop.ts'
`

function outcomeOf(command: string) {
  const script = `${IMPORTS} await runCommand(async () => { ${command} })`
  return spawnSync(process.execPath, ['--no-env-file', '--eval', script], { encoding: 'utf8' })
}

test('the number that a command returns is the exit code', () => {
  expect(outcomeOf('return 0')).toMatchObject({ status: 0, stderr: '' })
  expect(outcomeOf('return 7')).toMatchObject({ status: 7, stderr: '' })
})

test('a Stop prints only its message, and sets the exit code', () => {
  expect(outcomeOf(`throw new Stop('Mend that.')`)).toMatchObject({ status: 1, stdout: '', stderr: 'Mend that.\n' })
  expect(outcomeOf(`throw new Stop('Mend that.', 2)`)).toMatchObject({ status: 2, stderr: 'Mend that.\n' })
})

test('any other error is shown with its stack trace', () => {
  const { status, stderr } = outcomeOf(`throw new TypeError('a bug')`)
  expect(status).toBe(1)
  expect(stderr).toContain('TypeError: a bug')
  expect(stderr).toContain('command.ts')
})

test('Ctrl-C ends a command with the exit code that a shell expects', () => {
  const interrupted = `
    const { promise, resolve } = Promise.withResolvers()
    process.once('SIGINT', resolve)
    process.kill(process.pid, 'SIGINT')
    await promise
    throwIfInterrupted()
    return 0`
  expect(outcomeOf(interrupted)).toMatchObject({ status: 130, stderr: 'Interrupted by SIGINT.\n' })
})
