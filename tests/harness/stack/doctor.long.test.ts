import { afterEach, beforeEach, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from './run.ts'

const root = resolve(import.meta.dir, '../../..')
const project = `doctor_test_${process.pid}`

/** Mounts a folder read-only, which binds root too, for one command. */
const READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"'
const canMount = Bun.which('unshare') !== null && spawnSync('unshare', ['-m', 'true']).status === 0

let folder = ''
beforeEach(() => {
  // A folder in memory may let no program run.
  folder = mkdtempSync(join(tmpdir(), 'doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an engine and a Compose that are too old are told with the least that serve', async () => {
  const docker = `#!/bin/sh
case "$*" in
  'version --format'*) echo 23.0.6 ;;
  'compose version --short') echo 2.19.1 ;;
esac`
  writeFileSync(`${folder}/docker`, docker, { mode: 0o755 })
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
  const command = [process.execPath, '--no-env-file', 'tests/harness/stack/main.ts', 'doctor', '--project', project]
  const { stdout, exitCode } = await run(command, { cwd: root, env, output: 'kept' })
  expect(stdout).toMatch(/^wrong +Docker engine +23\.0\.6 is older than 24\.0\.0: install a newer one/m)
  expect(stdout).toMatch(/^wrong +Compose +2\.19\.1 is older than 2\.20\.3: install a newer one/m)
  expect(exitCode).toBe(1)
})

test.skipIf(!canMount)('a read-only checkout is a finding, and the others are made all the same', async () => {
  const doctor = ['tests/harness/stack/main', 'doctor', '--mode', 'local', '--project', project]
  const command = ['unshare', '-m', 'sh', '-c', READ_ONLY, root, ...doctor]
  const { stdout, stderr, exitCode } = await run(command, { cwd: root, output: 'kept' })
  expect([stderr, exitCode]).toEqual(['', 1])
  expect(stdout).toContain(`${root} cannot be written to (EROFS)`)
  expect(stdout).toMatch(/^\w+ +disk space +/m)
})
