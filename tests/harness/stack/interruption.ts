import { constants } from 'node:os'
import { Stop } from './stop.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const controller = new AbortController()

/** Aborts at the first Ctrl-C or request to end. Running work then stops and cleans up. */
export const interruption: AbortSignal = controller.signal

export class Interrupted extends Stop {
  override readonly name = 'Interrupted'
  constructor(signal: (typeof SIGNALS)[number]) {
    // The exit code that a shell reports for a program that a signal ended.
    super(`Interrupted by ${signal}.`, 128 + constants.signals[signal])
  }
}

export function catchSignals(): void {
  for (const signal of SIGNALS) process.on(signal, () => controller.abort(new Interrupted(signal)))
  // The reader of the output may have gone (`make test | head`). Cleaning up must go on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** @throws Interrupted */
export const throwIfInterrupted = (): void => interruption.throwIfAborted()
