import { expect, test } from 'bun:test'
import { startApp } from '../testing/app_kit.ts'
import { HELD_HERE } from '../testing/kit.ts'

/** Larger than JavaScript's exact integers, and later than every date. */
const HUGE = '9223372036854775807'

const PATHS = ['/v1/health', '/v1/kkt/buffer/status', '/v1/kkt/buffer/events', '/v1/kkt/buffer/dlq', '/v1/kkt/receipts']

test('invariant 13: no number is too great to be told of, wherever it came from', async () => {
  const { clock, db, ask, post, state, kkt, stop } = startApp()
  await post()
  await clock.advance(0)
  state.lease = { ...HELD_HERE, epoch: 2 ** 60, fencingToken: 2 ** 53 }
  const device = kkt.state
  kkt.state = async () => {
    const known = await device()
    return known && { ...known, shiftNumber: 2 ** 53, lastFdNumber: 2 ** 60 }
  }
  for (const column of ['pending', 'synced', 'failed', 'unknown', 'last_sync_at_ms']) {
    db.exec(`UPDATE totals SET ${column} = ${HUGE}`)
  }
  db.exec(`UPDATE states SET retry_count = ${HUGE}, changed_at_ms = ${HUGE}`)
  db.exec(`UPDATE sales SET created_at_ms = ${HUGE}`)
  db.exec(`UPDATE documents SET recorded_at_ms = ${HUGE},
    document = json_set(document, '$.fdNumber', 1e60, '$.receiptNumber', 1e60)`)
  db.exec(`UPDATE events SET at_ms = ${HUGE}`)
  for (const path of PATHS) expect({ path, status: (await ask('GET', path)).status }).toEqual({ path, status: 200 })
  expect((await ask('GET', '/v1/health')).json).toMatchObject({
    components: { sender_lease: { epoch: 2 ** 60, fencing_token: 2 ** 53 }, kkt: { shift_number: 2 ** 53 } },
  })
  await stop()
})
