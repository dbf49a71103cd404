import type { Clock } from './clock.ts'
import { createPulse } from './pulse.ts'

type RenewedOptions<Value> = {
  /** Reads it. It throws an error that `isFault` knows when what is there is bad. */
  read: () => Value
  isFault: (error: unknown) => error is Error
  clock: Clock
  everyMs: number
  /** Called at each look that found something good, also when it is what was there before. */
  onRead: (found: Value, former: Value) => void
  /** Called once for a fault, until there is another one or none. */
  onFault: (message: string) => void
}

export type Renewed<Value> = {
  /** The last one that was good. */
  readonly value: Value
  /** Why what is there now is not taken, or null. */
  readonly fault: string | null
  /** Looks again and again, until `stop`. */
  start(): void
  stop(): void
}

/** Reads something from files, and again as they change. A bad state of them is told, and the earlier holds. @throws as `read` */
export function keepRenewed<Value>(options: RenewedOptions<Value>): Renewed<Value> {
  const { read, isFault, clock, everyMs, onRead, onFault } = options
  let value = read()
  let fault: string | null = null

  function look(): void {
    try {
      const found = read()
      onRead(found, value)
      value = found
      fault = null
    } catch (error) {
      if (!isFault(error)) throw error
      if (error.message !== fault) onFault(error.message)
      fault = error.message
    }
  }

  const pulse = createPulse({ clock, everyMs, beat: look })
  return {
    get value() {
      return value
    },
    get fault() {
      return fault
    },
    start: pulse.begin,
    stop: pulse.end,
  }
}
