/** Structured logs: one JSON line an event on stdout. Callers pass ids, states and numbers, never a customer's data. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type LogFields = Record<string, string | number | boolean | null | undefined>
export type Log = (event: string, fields?: LogFields) => void
export type Logger = Record<LogLevel, Log> & {
  /** Writes in one piece, once `work` is done, the lines that it logs. Each `write` takes as long as two lines. */
  together(work: () => void): void
}

export function createLogger(
  service: string,
  minLevel: LogLevel,
  write: (line: string) => void = writeToStdout,
): Logger {
  /** The lines of a `together` that is at work; null outside of one. */
  let held: string[] | null = null
  const tell = (line: string): void => {
    if (held === null) write(line)
    else held.push(line)
  }
  const at = (level: LogLevel): Log => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(minLevel)) return () => undefined
    return (event, fields) => {
      tell(`${JSON.stringify({ time: new Date().toISOString(), level, service, event, ...fields })}\n`)
    }
  }
  function together(work: () => void): void {
    if (held !== null) {
      work()
      return
    }
    const lines: string[] = []
    held = lines
    try {
      work()
    } finally {
      held = null
      if (lines.length > 0) write(lines.join(''))
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), together }
}

// The log's reader may go away. That ends the log, not the service.
process.stdout.on('error', () => undefined)

function writeToStdout(line: string): void {
  process.stdout.write(line)
}

/** The loggable parts of an unexpected error: name, code and stack frames, without the message. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // The stack begins with the message, which may itself look like a frame.
  const frames = error.stack?.replace(error.message, '').split('\n')
  const frame = frames?.find((line) => line.includes('    at '))
  return { error: error.name, error_code: code, at: frame?.trim() }
}
