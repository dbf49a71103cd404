import { expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { settle } from '@kkt/platform/testing.ts'
import { StorageFailure } from '../journal/journal.ts'
import { startApp } from '../testing/app_kit.ts'
import { accepted, pending } from '../testing/kit.ts'
import { createSampler, SAMPLE_INTERVAL_MS, type Sample } from './samples.ts'

const KEPT = 180

function build() {
  const { journal, clock, ask, deps, stop: stopApp } = startApp()
  const told = { queued: 0, oldestSeconds: null as number | null, failure: null as Error | null }
  const lines: string[] = []
  const sampler = createSampler({
    journal,
    clock,
    logger: createLogger('test', 'debug', (line) => lines.push(line)),
    readStatus: () => {
      if (told.failure) throw told.failure
      return { ...deps.readStatus(), current_queued: told.queued, oldest_pending_age_seconds: told.oldestSeconds }
    },
  })
  const heard: Sample[] = []
  sampler.onSample((sample) => heard.push(sample))
  sampler.start()
  const stop = () => Promise.all([sampler.stop(), stopApp()])
  return { journal, clock, ask, told, sampler, heard, lines, stop }
}

test('a sample has the receipts that came and went since the one before, and how the buffer stands', async () => {
  const { journal, clock, told, sampler, heard, stop } = build()
  await settle()
  await accepted(journal)
  const id = await pending(journal)
  await journal.write((tx) => tx.markSyncing(id))
  await journal.write((tx) => tx.recordSynced(id, 'OFD-1'))
  told.queued = 1
  told.oldestSeconds = 7
  await clock.advance(SAMPLE_INTERVAL_MS)
  await clock.advance(SAMPLE_INTERVAL_MS)
  const parts = sampler.samples().map(({ accepted: came, synced, queued }) => [came, synced, queued])
  expect(parts).toEqual([
    [0, 0, 0],
    [2, 1, 1],
    [0, 0, 1],
  ])
  expect(sampler.samples()[1]).toMatchObject({ oldestPendingAgeSeconds: 7 })
  expect(heard).toEqual(sampler.samples())
  await stop()
})

test('the newest 15 minutes are kept', async () => {
  const { clock, sampler, stop } = build()
  await clock.advance(SAMPLE_INTERVAL_MS * (KEPT + 20))
  const [first] = sampler.samples()
  expect(sampler.samples()).toHaveLength(KEPT)
  expect(clock.wallMs() - (first?.atMs ?? 0)).toBe(SAMPLE_INTERVAL_MS * (KEPT - 1))
  await stop()
})

test('a journal that cannot be read leaves a gap, and its receipts are counted in the next sample', async () => {
  const { journal, clock, told, sampler, lines, stop } = build()
  await settle()
  told.failure = new StorageFailure('SQLITE_IOERR', {})
  await pending(journal)
  await clock.advance(SAMPLE_INTERVAL_MS)
  expect(sampler.samples()).toHaveLength(1)
  expect(lines.join()).toContain('sample_failed')
  told.failure = null
  await clock.advance(SAMPLE_INTERVAL_MS)
  expect(sampler.samples().map(({ accepted: came }) => came)).toEqual([0, 1])
  await stop()
})

test('the route gives them with the adapter’s time', async () => {
  const { ask, stop, clock } = build()
  const { status, json } = await ask('GET', '/v1/kkt/buffer/samples')
  expect(status).toBe(200)
  expect(json).toEqual({ now: new Date(clock.wallMs()).toISOString(), interval_seconds: 5, samples: [] })
  await stop()
})
