import type { DeliveryWatch } from '../delivery/deliver.ts'
import type { OfdOutcome } from '../delivery/ofd_client.ts'
import type { MetricRegistry } from './registry.ts'

const OUTCOMES: readonly OfdOutcome['kind'][] = ['done', 'refused', 'unknown']

/** From an OFD that is near to a day without it. */
const DELIVERY_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300, 1800, 7200, 86_400]

/** Counts each receipt that the OFD was asked to take, and times each delivery. */
export function createDeliveryMetrics(registry: MetricRegistry, wallMs: () => number): DeliveryWatch {
  const counter = registry.counter(
    'kkt_adapter_delivery_attempts_total',
    'Receipts handed to the OFD, by outcome: done, refused (by a 4xx), or unknown (no usable answer).',
    ['outcome'],
  )
  const seconds = registry.histogram(
    'kkt_adapter_delivery_seconds',
    "Time from the record of a receipt's fiscal document to the record of its delivery.",
    DELIVERY_SECONDS,
  )
  for (const outcome of OUTCOMES) counter.labels(outcome).inc(0)
  return {
    attempted: (outcome) => counter.labels(outcome).inc(),
    delivered({ printedAtMs }) {
      if (printedAtMs !== null) seconds.observe(Math.max(0, wallMs() - printedAtMs) / 1000)
    },
  }
}
