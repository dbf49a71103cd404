import { readFileSync } from 'node:fs'

type Ticks = { all: number; stolen: number }

/** Less is everyday on a machine that is shared. */
const WORTH_TELLING = 0.02

/** @param text of /proc/stat: https://man7.org/linux/man-pages/man5/proc_stat.5.html */
export function ticksIn(text: string): Ticks {
  // user, nice, system, idle, iowait, irq, softirq, steal: what guests have is in the first two already.
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').slice(0, 8).map(Number) ?? []
  return { all: ticks.reduce((sum, n) => sum + n, 0), stolen: ticks[7] ?? 0 }
}

/** The processor ticks of this machine since it began; null where the system does not tell. */
export function processorTicks(): Ticks | null {
  try {
    return ticksIn(readFileSync('/proc/stat', 'utf8'))
  } catch {
    return null
  }
}

/** A note where the host of a virtual machine had its processors do something else. */
export function stolenNote(before: Ticks | null, after: Ticks | null): string[] {
  if (before === null || after === null || after.all === before.all) return []
  const share = (after.stolen - before.stolen) / (after.all - before.all)
  return share < WORTH_TELLING ? [] : [`the host took ${(share * 100).toFixed(0)} % of the processors meanwhile`]
}
