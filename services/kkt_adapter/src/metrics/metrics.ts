import type { Clock } from '@kkt/platform/clock.ts'
import type { Journal } from '../journal/journal.ts'
import { createCommitMetrics } from './commit_metrics.ts'
import { createDeliveryMetrics } from './delivery_metrics.ts'
import { createGauges, type GaugesDeps } from './gauges.ts'
import { createLoopLag } from './loop_lag.ts'
import { createRegistry } from './registry.ts'

/** The metrics as Prometheus fetches them. */
export type Scraped = {
  contentType: string
  /** The metrics of this moment, in Prometheus' text format. */
  scrape(): Promise<string>
}

/**
 * Measures one adapter: counts from now on what its journal commits, and how late its event loop is.
 * @returns `showing` adds the gauges, once the parts are there that they look at
 */
export function createMetrics({ journal, clock }: { journal: Journal; clock: Clock }) {
  const registry = createRegistry()
  journal.onCommit(createCommitMetrics(registry))
  return {
    /** The adapter starts it and stops it. */
    loopLag: createLoopLag(registry, clock),
    /** The deliverer tells it of deliveries. */
    delivery: createDeliveryMetrics(registry, clock.wallMs),
    showing(deps: Omit<GaugesDeps, 'journal' | 'wallMs'>): Scraped {
      const refresh = createGauges(registry, { ...deps, journal, wallMs: clock.wallMs })
      return {
        contentType: registry.contentType,
        async scrape() {
          await refresh()
          return await registry.text()
        },
      }
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>
