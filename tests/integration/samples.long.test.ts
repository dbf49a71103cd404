/** The samples of the buffer, which are taken every five seconds, as the adapter's page follows them. */
import { expect, onTestFinished, test } from 'bun:test'
import { z } from 'zod'
import { adapter, urls } from '../harness/clients.ts'
import { expectBody } from '../harness/http.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { eventsOf } from '../harness/sse.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { sample } from '../harness/wire_stream.ts'

onHealedStack()

const samples = z.strictObject({
  now: z.iso.datetime(),
  interval_seconds: z.literal(5),
  samples: z.array(sample).max(180),
})

test('samples tell what came and went, and the stream tells each new one', async () => {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const { body } = await fetch(`${urls.adapter}/v1/kkt/stream?events=sample`, { signal: over.signal })
  if (body === null) throw new Error('the stream has no body')
  await adapter.print(receipt({ pos_id: newPosId('page') }))
  // Both may count receipts of earlier tests, too.
  const counted = { accepted: 0, synced: 0 }
  for await (const { event, data } of eventsOf(body)) {
    expect(event).toBe('sample')
    const told = sample.parse(data)
    expect(expectBody(await adapter.get('/v1/kkt/buffer/samples'), 200, samples).samples).toContainEqual(told)
    counted.accepted += told.accepted
    counted.synced += told.synced
    if (counted.accepted > 0 && counted.synced > 0) break
  }
})
