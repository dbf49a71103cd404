import { afterEach, describe, expect, mock, spyOn, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotListen } from '@kkt/platform/serve.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { StorageFailure } from './journal/database.ts'
import { createJournal } from './journal/journal.ts'
import { onShutdown, orExit } from './startup.ts'
import { temporaryFile } from './testing/kit.ts'

class Exit extends Error {}

afterEach(() => mock.restore())

/** How a step of the start ends the process: what it says, and the exit code. */
function ending(step: () => unknown) {
  const said: unknown[] = []
  spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0)
  spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exit(String(code))
  })
  try {
    orExit('The buffer', step)
  } catch (error) {
    if (error instanceof Exit) return { code: Number(error.message), said: said.join('') }
    throw error
  }
  throw new Error('The step did not fail')
}

const open = (path: string) => createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 1 })

test('a step that succeeds gives its value', () => {
  expect(orExit('The buffer', () => 'value')).toBe('value')
})

describe('a buffer that cannot be used is one line, and exit 1', () => {
  test.each([
    ['SQLITE_NOTADB', 'no database'],
    ['SQLITE_CORRUPT', null],
  ])('damaged (%s), and left as it is', (code, text) => {
    const path = temporaryFile('buffer.db')
    open(path).close()
    const damaged = text === null ? readFileSync(path).fill(0xff, 4096) : readFileSync(path).fill(text)
    writeFileSync(path, damaged)
    expect(ending(() => open(path))).toEqual({
      code: 1,
      said: `The buffer is damaged (${code}). It was left as it is: copy the folder of BUFFER_DB_PATH away, try "sqlite3 FILE .recover" on the copy, or set BUFFER_DB_PATH to a file in another folder to go on without it.\n`,
    })
    expect(readFileSync(path).equals(damaged)).toBe(true)
  })

  test('of a newer version, and left as it is', () => {
    const path = temporaryFile('buffer.db')
    open(path).close()
    const db = openDatabase(path)
    for (const pragma of ['user_version = 99', 'wal_checkpoint(TRUNCATE)']) db.exec(`PRAGMA ${pragma}`)
    const newer = readFileSync(path)
    expect(ending(() => open(path))).toEqual({
      code: 1,
      said: 'The buffer has schema 99, and this version knows 2 at most: run the newer version that wrote it, or set BUFFER_DB_PATH to another file.\n',
    })
    expect(readFileSync(path).equals(newer)).toBe(true)
  })

  test('in a folder that cannot be made', () => {
    const file = temporaryFile('file')
    writeFileSync(file, '')
    expect(ending(() => open(join(file, 'buffer.db')))).toEqual({
      code: 1,
      said: 'The buffer cannot be opened (SQLITE_CANTOPEN): check that the folder of BUFFER_DB_PATH exists, is writable, and has room.\n',
    })
  })

  test('on a disk without room', () => {
    const full = () => {
      throw new StorageFailure('SQLITE_FULL', {})
    }
    expect(ending(full).said).toStartWith('The buffer cannot be opened (SQLITE_FULL): ')
  })
})

test('a taken port is one line, and exit 1', () => {
  const taken = () => {
    throw new CannotListen({ hostname: '0.0.0.0', port: 8000 }, Object.assign(new Error(), { code: 'EADDRINUSE' }))
  }
  expect(ending(taken)).toEqual({
    ...{ code: 1, said: 'Port 8000 is taken by another program: stop it, or set PORT to a free one.\n' },
  })
})

test('a mistake of our own keeps its stack', () => {
  const mistake = new TypeError('a mistake')
  const step = () => {
    throw mistake
  }
  expect(() => ending(step)).toThrow(mistake)
})

describe('at a signal', () => {
  const SIGNALS = ['SIGTERM', 'SIGINT'] as const

  /** Sends both signals to a process that shuts down so. Resolves to its exit code, how often it shut down, and what it said. */
  async function stopped(shutdown: () => Promise<void>) {
    const exited = Promise.withResolvers<unknown>()
    const said: unknown[] = []
    spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0)
    spyOn(process, 'exit').mockImplementation(((code: unknown) => exited.resolve(code)) as typeof process.exit)
    const before = SIGNALS.map((signal) => new Set(process.listeners(signal)))
    let times = 0
    onShutdown(() => {
      times += 1
      return shutdown()
    })
    for (const signal of SIGNALS) process.emit(signal)
    const code = await exited.promise
    for (const [i, signal] of SIGNALS.entries()) {
      for (const listener of process.listeners(signal)) if (!before[i]?.has(listener)) process.off(signal, listener)
    }
    return { code, times, said: said.join('') }
  }

  test('the process shuts down once, and ends with 0', async () => {
    expect(await stopped(async () => undefined)).toEqual({ code: 0, times: 1, said: '' })
  })

  test('with 1 when that fails', async () => {
    const failing = async () => {
      throw new Error('the disk is full')
    }
    expect(await stopped(failing)).toEqual({
      ...{ code: 1, times: 1, said: 'The shutdown failed: Error: the disk is full\n' },
    })
  })
})
