import { iso } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { SAMPLE_INTERVAL_MS, type Sample, type Sampler } from './samples.ts'

const sampleAnswer = z.object({
  at: z.iso.datetime().meta({ description: 'The time of the sample' }),
  accepted: whole.meta({ description: 'Receipts that this process accepted since the sample before' }),
  synced: whole.meta({ description: 'Receipts that this process delivered since the sample before' }),
  queued: whole.meta({ description: 'Undelivered receipts, those that are not printed included' }),
  oldest_pending_age_seconds: z.number().nullable().meta({
    description:
      'The age of the oldest printed receipt that the OFD is not known to hold, in seconds. Null without one',
  }),
})

export const samplesAnswer = z.object({
  now: z.iso.datetime().meta({ description: "The adapter's time now. A reader's own clock may be wrong" }),
  interval_seconds: z.number().meta({ description: 'From one sample to the next, in seconds' }),
  samples: z.array(sampleAnswer).meta({ description: 'The newest 180, the oldest first' }),
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
