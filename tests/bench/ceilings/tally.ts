/** Begins to measure what this process does from now on, by its time and by what it takes of the processors. */
export function beginTally() {
  const startedMs = performance.now()
  const startedCpu = process.cpuUsage()
  const elapsedMs = () => performance.now() - startedMs
  return {
    isOver: (seconds: string): boolean => elapsedMs() > Number(seconds) * 1000,
    /** Prints how many were done, how many a second, and the microseconds of the processors that all of them took. */
    tell(count: number): void {
      const { user, system } = process.cpuUsage(startedCpu)
      const perSecond = (count * 1000) / elapsedMs()
      process.stdout.write(`${JSON.stringify({ count, perSecond, processorMicros: user + system })}\n`)
    },
  }
}
