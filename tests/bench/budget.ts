import { figure } from './report.ts'
import { median } from './statistics.ts'

/** Those of the machine for which the targets are. */
const CORES = 2

/** What a process has had of the processors so far, in microseconds; null where the system does not tell. */
export type Spent = () => number | null

type Done = { count: number; perSecond: number }

export const ownMicros: Spent = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/**
 * What goes of the processors for a receipt, by what it goes for. However work is spread over threads, no more is to be had
 * than what all cores have.
 */
export function createBudget() {
  const parts = new Map<string, number[]>()
  const rates: number[] = []
  const add = (name: string, microsEach: number) => parts.set(name, [...(parts.get(name) ?? []), microsEach])
  return {
    add,
    /** Adds what each process spends on the receipts of `work`, which is the ceiling. */
    async during<T extends Done>(processes: Record<string, Spent>, work: () => Promise<T>): Promise<T> {
      const before = Object.entries(processes).map(([name, spent]) => ({ name, spent, was: spent() }))
      const done = await work()
      rates.push(done.perSecond)
      for (const { name, spent, was } of before) {
        const is = spent()
        if (was !== null && is !== null) add(name, (is - was) / done.count)
      }
      return done
    },
    /** Adds what one process spends on the receipts of `work`, which is no ceiling. */
    async beside<T extends Done>(name: string, spent: Spent, work: () => Promise<T>): Promise<T> {
      const was = spent()
      const done = await work()
      const is = spent()
      if (was !== null && is !== null) add(name, (is - was) / done.count)
      return done
    },
    /** A note, of medians. @param target the share of the ceiling's rate that is wanted */
    note(target: number): string {
      const all = figure((CORES * 1e6) / (target * median(rates)))
      const spent = [...parts].map(([name, micros]) => `${name} ${figure(median(micros))}`)
      return `at the target two cores have ${all} µs for each, and it costs ${spent.join(', ')}`
    },
  }
}
