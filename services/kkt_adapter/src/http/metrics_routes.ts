import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Scraped } from '../metrics/metrics.ts'

export type MetricsRoutesDeps = { metrics: Scraped }

/** Prometheus' side. It is 200 while the journal cannot be read, too: `kkt_adapter_database_up` is 0 then. */
export const metricsRoutes = ({ metrics }: MetricsRoutesDeps) =>
  new Elysia({ name: 'metrics' }).get(
    '/metrics',
    ({ set }) => {
      set.headers['content-type'] = metrics.contentType
      return metrics.scrape()
    },
    { response: { 200: z.string() } },
  )
