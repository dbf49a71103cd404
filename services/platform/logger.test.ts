import { describe, expect, test } from 'bun:test'
import { createLogger, errorFields, LOG_LEVELS, type LogLevel } from './logger.ts'

function logged(minLevel: LogLevel): string[] {
  const lines: string[] = []
  const logger = createLogger('till', minLevel, (line) => lines.push(line))
  for (const level of LOG_LEVELS) logger[level](`at_${level}`)
  return lines
}

describe('levels', () => {
  const expected = { debug: 4, info: 3, warn: 2, error: 1 }
  for (const level of LOG_LEVELS) {
    test(`${level} lets ${expected[level]} of 4 through`, () => {
      const levels = logged(level).map((line) => JSON.parse(line).level)
      expect(levels).toEqual(LOG_LEVELS.slice(-expected[level]))
    })
  }
})

test('an event is one JSON line with its fields', () => {
  const lines: string[] = []
  createLogger('till', 'info', (line) => lines.push(line)).info('printed', { receipt_id: 'r\n1', tries: 2 })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1)
  const { time, ...rest } = JSON.parse(lines[0] ?? '')
  expect(rest).toEqual({ level: 'info', service: 'till', event: 'printed', receipt_id: 'r\n1', tries: 2 })
  expect(new Date(time).toISOString()).toBe(time)
})

describe('lines that are logged together', () => {
  const eventsIn = (text = '') =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event)

  test('are written in one piece, in their order, also from within', () => {
    const written: string[] = []
    const logger = createLogger('till', 'info', (text) => written.push(text))
    logger.together(() => {
      logger.info('first')
      logger.together(() => logger.warn('second'))
      logger.debug('not at this level')
      logger.info('third')
      expect(written).toEqual([])
    })
    logger.info('alone')
    expect(written.map(eventsIn)).toEqual([['first', 'second', 'third'], ['alone']])
    logger.together(() => undefined)
    expect(written).toHaveLength(2)
  })

  test('are written although the work fails', () => {
    const written: string[] = []
    const logger = createLogger('till', 'info', (text) => written.push(text))
    const failing = () => {
      logger.info('before')
      throw new Error('it failed')
    }
    expect(() => logger.together(failing)).toThrow('it failed')
    logger.info('after')
    expect(written.map(eventsIn)).toEqual([['before'], ['after']])
  })
})

describe('an unexpected error', () => {
  const SECRET = 'Ivan Petrov'

  test('gives its name, its code and where it came from', () => {
    const error = Object.assign(new TypeError('x'), { code: 'ECONNRESET' })
    expect(errorFields(error)).toEqual({
      error: 'TypeError',
      error_code: 'ECONNRESET',
      at: expect.stringContaining('logger.test.ts'),
    })
  })

  test('keeps its message to itself, also one that looks like a stack', () => {
    for (const message of [SECRET, `bad name\n    at ${SECRET}`]) {
      expect(JSON.stringify(errorFields(new Error(message)))).not.toContain(SECRET)
    }
  })

  test('is told by its type alone when it is no Error', () => {
    expect(errorFields(SECRET)).toEqual({ error: 'string' })
  })
})

test('a reader that goes away ends the log, not the process', async () => {
  const script = `
    import { createLogger } from './logger.ts'
    const logger = createLogger('test', 'info')
    for (let i = 0; i < 2000; i++) logger.info('a line', { i })
    await new Promise((resolve) => setImmediate(resolve))
    for (let i = 0; i < 2000; i++) logger.info('a line', { i })
    process.stderr.write('still here')`
  const child = Bun.spawn(['sh', '-c', `"${process.execPath}" -e "$SCRIPT" | head -n 1`], {
    cwd: import.meta.dir,
    env: { ...process.env, SCRIPT: script },
    stderr: 'pipe',
  })
  expect(await new Response(child.stderr).text()).toBe('still here')
})
