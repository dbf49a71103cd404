import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { chooseMode, type Engine, findEngine } from './mode.ts'

const engine = async (): Promise<Engine> => ({ version: '26.1.5' })
const none = async (): Promise<Engine> => ({ lacks: 'no Docker engine answers' })
const unasked = async (): Promise<Engine> => {
  throw new Error('the engine was asked')
}

test('Compose where an engine answers, else local', async () => {
  expect(await chooseMode(undefined, false, engine)).toEqual({ mode: 'compose', why: 'Docker 26.1.5 answers' })
  expect(await chooseMode(undefined, false, none)).toEqual({ mode: 'local', why: 'no Docker engine answers' })
})

test('the requested mode wins, and local mode does not ask the engine', async () => {
  expect(await chooseMode('local', false, unasked)).toEqual({ mode: 'local', why: 'MODE=local' })
  expect(await chooseMode('compose', true, engine)).toMatchObject({ mode: 'compose' })
})

test('a local stack that is up decides for local mode', async () => {
  expect(await chooseMode(undefined, true, unasked)).toEqual({ mode: 'local', why: 'a local stack is up' })
})

test('Compose without an engine fails with the reason and the alternative', async () => {
  await expect(chooseMode('compose', false, none)).rejects.toThrow(
    'MODE=compose is not possible, because no Docker engine answers: mend that, or take MODE=local.',
  )
})

describe('the engine', () => {
  let folder = ''
  const { PATH = '' } = process.env
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/docker-`)
    process.env['PATH'] = `${folder}:${PATH}`
  })
  afterEach(() => {
    process.env['PATH'] = PATH
    rmSync(folder, { recursive: true })
  })

  /** Puts a `docker` that runs this script on PATH. */
  const docker = (script: string) => writeFileSync(`${folder}/docker`, `#!/bin/sh\n${script}\n`, { mode: 0o755 })

  test('is found by its version', async () => {
    docker('echo 26.1.5')
    expect(await findEngine('.')).toEqual({ version: '26.1.5' })
  })

  test('that hangs is given up at the time limit', async () => {
    docker('exec sleep 1000')
    expect(await findEngine('.', 100)).toEqual({ lacks: 'Docker did not answer within 0.1 s' })
  })

  test.each([
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'Docker says: permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    ],
    ['WARNING: a setting is old\ncontext "remote": not found', 'Docker says: context "remote": not found'],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'no Docker engine answers',
    ],
    [
      'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
      'no Docker engine answers',
    ],
    ['', 'no Docker engine answers'],
  ])('is not used where Docker says %p', async (said, lacks) => {
    docker(`echo '${said}' >&2; exit 1`)
    expect(await findEngine('.')).toEqual({ lacks })
  })

  test('without the Compose plugin is not enough', async () => {
    docker('[ "$1" = version ] && echo 26.1.5')
    expect(await findEngine('.')).toEqual({ lacks: "Docker's Compose plugin is not installed" })
  })
})
