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

test('what a command gives is the exit code', () => {
  expect(outcomeOf('return 0')).toMatchObject({ status: 0, stderr: '' })
  expect(outcomeOf('return 7')).toMatchObject({ status: 7, stderr: '' })
})

test('of a Stop the user sees the message alone, and it says the exit code', () => {
  expect(outcomeOf(`throw new Stop('Mend that.')`)).toMatchObject({ status: 1, stdout: '', stderr: 'Mend that.\n' })
  expect(outcomeOf(`throw new Stop('Mend that.', 2)`)).toMatchObject({ status: 2, stderr: 'Mend that.\n' })
})

test('any other error is shown with where it came from', () => {
  const { status, stderr } = outcomeOf(`throw new TypeError('a bug')`)
  expect(status).toBe(1)
  expect(stderr).toContain('TypeError: a bug')
  expect(stderr).toContain('command.ts')
})

test('Ctrl-C ends it as a shell expects it', () => {
  const interrupted = `
    const { promise, resolve } = Promise.withResolvers()
    process.once('SIGINT', resolve)
    process.kill(process.pid, 'SIGINT')
    await promise
    throwIfInterrupted()
    return 0`
  expect(outcomeOf(interrupted)).toMatchObject({ status: 130, stderr: 'Interrupted by SIGINT.\n' })
})
