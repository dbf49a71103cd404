/** Structured logs: one JSON line an event on stdout. Callers pass ids, states and numbers, never a customer's data. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type LogFields = Record<string, string | number | boolean | null | undefined>
export type Log = (event: string, fields?: LogFields) => void
export type Logger = Record<LogLevel, Log>

export function createLogger(
  service: string,
  minLevel: LogLevel,
  write: (line: string) => void = writeToStdout,
): Logger {
  const at = (level: LogLevel): Log => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(minLevel)) return () => undefined
    return (event, fields) => {
      write(`${JSON.stringify({ time: new Date().toISOString(), level, service, event, ...fields })}\n`)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
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
