import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/**
 * The metrics of one adapter. Each adapter has a registry of its own, because a process may hold several, as tests do.
 * Names and units follow https://prometheus.io/docs/practices/naming/.
 */
export function createRegistry() {
  const registry = new Registry()
  const registers = [registry]
  return {
    counter: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
      new Gauge({ name, help, labelNames, registers }),
    /** @param buckets the upper bounds, in the unit of the name */
    histogram: (name: string, help: string, buckets: readonly number[]) =>
      new Histogram({ name, help, buckets: [...buckets], registers }),
    contentType: registry.contentType,
    /** All metrics in Prometheus' text format. */
    text: (): Promise<string> => registry.metrics(),
  }
}

export type MetricRegistry = ReturnType<typeof createRegistry>
