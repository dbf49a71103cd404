import { afterAll, describe, expect, test } from 'bun:test'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder, TestClock } from './testing.ts'
import { fileErrorCode, watchFile } from './watched_file.ts'

class BadFile extends Error {}

const LOOK_MS = 1000

describe('a file that is watched', () => {
  const folder = newFolder('watched')
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  const write = (text: string) => writeFileSync(path, text)

  /** Takes a file of numbers, and bugs of its own. */
  function read(): { text: string } {
    const text = readFileSync(path, 'utf8')
    if (text === 'a bug') throw new TypeError('a bug')
    if (!/^\d+$/.test(text)) throw new BadFile(`it takes a number, and not ${text}`)
    return { text }
  }

  function watch(text: string) {
    write(text)
    const clock = new TestClock()
    const told: string[] = []
    const watched = watchFile({
      read,
      isFault: (error) => error instanceof BadFile,
      isSame: (one, other) => one.text === other.text,
      onChange: (now, before) => told.push(`${before.text} > ${now.text}`),
      onFault: (message) => told.push(message),
      clock,
      everyMs: LOOK_MS,
    })
    watched.start()
    return { watched, told, clock, look: () => clock.advance(LOOK_MS) }
  }

  test('is read at once, and a faulty one is refused', () => {
    expect(watch('1').watched.current()).toEqual({ text: '1' })
    expect(() => watch('x')).toThrow(new BadFile('it takes a number, and not x'))
  })

  test('is read again at each interval, and a change is told once', async () => {
    const { watched, told, look } = watch('1')
    await look()
    expect(told).toEqual([])
    write('2')
    expect(watched.current()).toEqual({ text: '1' })
    await look()
    await look()
    expect([watched.current(), told]).toEqual([{ text: '2' }, ['1 > 2']])
  })

  test('keeps its last sound content while it is faulty, and each fault is told once', async () => {
    const { watched, told, look } = watch('1')
    write('x')
    await look()
    await look()
    write('y')
    await look()
    expect([watched.current(), watched.fault()]).toEqual([{ text: '1' }, 'it takes a number, and not y'])
    write('1')
    await look()
    expect([watched.current(), watched.fault()]).toEqual([{ text: '1' }, null])
    expect(told).toEqual(['it takes a number, and not x', 'it takes a number, and not y'])
    write('y')
    await look()
    expect(told).toHaveLength(3)
  })

  test('is not looked at after a stop', async () => {
    const { watched, look } = watch('1')
    watched.stop()
    write('2')
    await look()
    expect(watched.current()).toEqual({ text: '1' })
  })

  test('hides no error that is not about it', () => {
    expect(() => watch('a bug')).toThrow(TypeError)
  })
})

test('a file that cannot be read is told by the code of the system', () => {
  const failing = () => readFileSync(join('no', 'such', 'file'))
  expect(failing).toThrow()
  try {
    failing()
  } catch (error) {
    expect(fileErrorCode(error)).toBe('ENOENT')
  }
  expect(fileErrorCode('thrown')).toBe('no file')
})
