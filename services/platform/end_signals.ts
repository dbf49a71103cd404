import { readFileSync } from 'node:fs'

/** SIGHUP comes when the service's terminal closes. */
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** The lowest bit of the mask in /proc/<pid>/status is signal 1, SIGHUP. */
const HANGUP_BIT = 1n

/** Calls `end` once, at the first signal that asks the process to end. Under `nohup` SIGHUP is ignored. */
export function onEndSignal(end: (signal: NodeJS.Signals) => void): void {
  let isUnderWay = false
  for (const signal of END_SIGNALS) {
    // A handler would replace the disposition that `nohup` has set.
    if (signal === 'SIGHUP' && ignoresHangup()) continue
    process.on(signal, () => {
      if (isUnderWay) return
      isUnderWay = true
      end(signal)
    })
  }
}

function ignoresHangup(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return mask !== undefined && (BigInt(`0x${mask}`) & HANGUP_BIT) !== 0n
  } catch {
    // Only Linux has that file, and Deno may not be allowed to read it.
    return false
  }
}
