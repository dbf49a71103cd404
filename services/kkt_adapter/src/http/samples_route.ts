import { iso } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { SAMPLE_INTERVAL_MS, type Sample, type Sampler } from './samples.ts'

export const sampleAnswer = z.object({
  at: z.iso.datetime(),
  accepted: whole,
  synced: whole,
  queued: whole,
  oldest_pending_age_seconds: z.number().nullable(),
})

export const samplesAnswer = z.object({
  /** The adapter's time now. A reader's own clock may be wrong. */
  now: z.iso.datetime(),
  interval_seconds: z.number(),
  samples: z.array(sampleAnswer),
})

export const wireSample = (sample: Sample): z.input<typeof sampleAnswer> => ({
  at: iso(sample.atMs),
  accepted: sample.accepted,
  synced: sample.synced,
  queued: sample.queued,
  oldest_pending_age_seconds: sample.oldestPendingAgeSeconds,
})

export type SamplesRouteDeps = { sampler: Sampler; wallMs: () => number }

/** The last 15 minutes, for charts. */
export const samplesRoute = ({ sampler, wallMs }: SamplesRouteDeps) =>
  new Elysia({ name: 'samples' }).get(
    '/v1/kkt/buffer/samples',
    () => ({
      now: iso(wallMs()),
      interval_seconds: SAMPLE_INTERVAL_MS / 1000,
      samples: sampler.samples().map(wireSample),
    }),
    { response: { 200: samplesAnswer } },
  )
