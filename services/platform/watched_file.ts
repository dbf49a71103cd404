import type { Clock } from './clock.ts'
import { createPulse } from './pulse.ts'

export type WatchedFile<T> = {
  /** The content that was read last without a fault. */
  current(): T
  /** Why the file that is there now is not used, or null. The earlier content is used on. */
  fault(): string | null
  /** Looks for a changed file at each interval, until `stop`. */
  start(): void
  stop(): void
}

export type WatchDeps<T> = {
  /** Reads the file, or several that belong together, and checks it. @throws an error that `isFault` knows */
  read: () => T
  /** Whether the error is about the file. Its message is for the operator. Any other error is thrown on. */
  isFault: (error: unknown) => error is Error
  isSame: (one: T, other: T) => boolean
  /** Called when the file says something else than before. */
  onChange: (now: T, before: T) => void
  /** Called once for each message in a row of faults. */
  onFault: (message: string) => void
  clock: Clock
  everyMs: number
}

/**
 * Keeps the content of a file, and reads it again as it changes. It reads the whole file at each look: a program that
 * replaces a file may give it any time and size.
 * @throws the fault of the first reading
 */
export function watchFile<T>(deps: WatchDeps<T>): WatchedFile<T> {
  let current = deps.read()
  let fault: string | null = null

  function look(): void {
    const found = readOrFault(deps)
    if (found.kind === 'fault') {
      if (found.message !== fault) deps.onFault(found.message)
      fault = found.message
      return
    }
    const before = current
    current = found.content
    fault = null
    if (!deps.isSame(current, before)) deps.onChange(current, before)
  }

  const pulse = createPulse({ clock: deps.clock, everyMs: deps.everyMs, beat: look })
  return {
    current: () => current,
    fault: () => fault,
    start: pulse.begin,
    stop: pulse.end,
  }
}

type Reading<T> = { kind: 'read'; content: T } | { kind: 'fault'; message: string }

function readOrFault<T>({ read, isFault }: Pick<WatchDeps<T>, 'read' | 'isFault'>): Reading<T> {
  try {
    return { kind: 'read', content: read() }
  } catch (error) {
    if (!isFault(error)) throw error
    return { kind: 'fault', message: error.message }
  }
}

/** The code of a file system's error, such as ENOENT, for a line that shows no path. */
export const fileErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no file'
