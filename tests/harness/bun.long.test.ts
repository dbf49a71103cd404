import { afterEach, beforeEach, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

let root = ''
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/bun-`)
  for (const folder of ['tests/harness', 'programs']) mkdirSync(`${root}/${folder}`, { recursive: true })
  copyFileSync(`${import.meta.dir}/bun`, `${root}/tests/harness/bun`)
  writeFileSync(`${root}/package.json`, '{\n  "packageManager": "bun@99.1.2"\n}\n')
  program('docker', 'exit 1')
})
afterEach(() => rmSync(root, { recursive: true }))

function program(name: string, script: string) {
  writeFileSync(`${root}/programs/${name}`, `#!/bin/sh\n${script}\n`)
  chmodSync(`${root}/programs/${name}`, 0o755)
}

const runBun = () =>
  spawnSync(`${root}/tests/harness/bun`, ['--version'], {
    encoding: 'utf8',
    env: { PATH: `${root}/programs:/usr/bin:/bin` },
  })

test('a Bun that cannot be had: each attempt is announced, and the end says what to do', () => {
  program('npm', `echo "$@" >'${root}/asked'; echo 'npm error https://till:secret@registry' >&2; exit 1`)
  const { status, stderr } = runBun()
  expect(status).toBe(1)
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toEqual([
    'Fetching Bun 99.1.2 from npm …',
    ...(process.platform === 'linux' ? ['Fetching Bun 99.1.2 from its Docker image …'] : []),
    expect.stringContaining('Bun 99.1.2 is missing and neither npm nor Docker gave it: install that version'),
    expect.stringContaining('npm config set registry URL'),
  ])
  const asked = readFileSync(`${root}/asked`, 'utf8')
  expect(asked).toMatch(/--fetch-timeout=\d+ --fetch-retries=1 --fetch-retry-mintimeout=1000 @oven\/bun-.+@99\.1\.2\n$/)
})

test('a Bun from npm is kept, and not fetched again', () => {
  program('npm', `mkdir -p package/bin && cp '${root}/programs/pinned' package/bin/bun && tar -czf bun.tgz package`)
  program('pinned', 'echo 99.1.2')
  expect(runBun()).toMatchObject({
    status: 0,
    stdout: '99.1.2\n',
    stderr: 'Fetching Bun 99.1.2 from npm …\nBun 99.1.2 is now in .bun/ (from npm).\n',
  })
  expect(runBun()).toMatchObject({ status: 0, stderr: '' })
})
