import { constants } from 'node:os'
import { Stop } from './stop.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const controller = new AbortController()

/** Aborts at the first Ctrl-C or request to end; what is running then stops and cleans up behind itself. */
export const interruption: AbortSignal = controller.signal

export class Interrupted extends Stop {
  override readonly name = 'Interrupted'
  constructor(signal: (typeof SIGNALS)[number]) {
    // As a shell reports a program that a signal ended.
    super(`Interrupted by ${signal}.`, 128 + constants.signals[signal])
  }
}

export function catchSignals(): void {
  for (const signal of SIGNALS) process.on(signal, () => controller.abort(new Interrupted(signal)))
  // Whoever read our output may be gone (`make test | head`); that must not keep us from cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** @throws Interrupted */
export const throwIfInterrupted = (): void => interruption.throwIfAborted()
