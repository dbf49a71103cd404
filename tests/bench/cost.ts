import type { Rate } from './row.ts'

/** The processor time of a process so far, in microseconds; null where the system does not tell. */
export type Spent = () => number | null

type Done = { count: number; perSecond: number }

export type Cost = Done & Rate

export const ownMicros: Spent = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** @returns what `work` has done, and what a process spent on each of it meanwhile */
export async function spentOn<T extends Done>(spent: Spent, work: () => Promise<T>) {
  const was = spent()
  const done = await work()
  const is = spent()
  return { done, micros: was === null || is === null ? null : (is - was) / done.count }
}

/** The same as a rate. */
export async function costOf(spent: Spent, work: () => Promise<Done>): Promise<Cost> {
  const { done, micros } = await spentOn(spent, work)
  return { ...done, micros }
}
