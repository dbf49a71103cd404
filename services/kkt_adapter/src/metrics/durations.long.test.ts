import { expect, test } from 'bun:test'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { content, fiscalDoc, freshKey, nextFd } from '../testing/kit.ts'
import { scraping } from '../testing/scraping.ts'

test('the time to paper counts from the sale, and the time to the OFD from the paper', async () => {
  const { kkt, scrape, post, sync, clock, stop } = scraping()
  const { promise, resolve } = Promise.withResolvers<void>()
  kkt.onFiscalize = async (_id, make) => {
    await promise
    return { kind: 'done', doc: make(), paper: 'printed' }
  }
  const sold = post()
  await clock.advance(4000)
  resolve()
  await sold
  await clock.advance(90_000)
  await sync()
  expect(await scrape()).toMatchObject({
    print_seconds_sum: 4,
    'print_seconds_bucket{le="2.5"}': 0,
    'print_seconds_bucket{le="5"}': 1,
    delivery_seconds_sum: 90,
    delivery_seconds_count: 1,
  })
  await stop()
})

test('a receipt whose document was found by a look-up is timed, too', async () => {
  const { journal, scrape, stop } = scraping()
  await journal.write((tx) => {
    const intake = tx.accept({ key: freshKey(), content: content() })
    if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
    const { id } = intake.receipt
    tx.markPrinting(id)
    tx.recordUnknown(id, 'no reply')
    tx.recordFound(id, fiscalDoc(nextFd()), 'printed')
  })
  expect(await scrape()).toMatchObject({ print_seconds_count: 1 })
  await stop()
})

test('a clock that is set back makes no time negative', async () => {
  const { kkt, scrape, sell, sync, clock, stop } = scraping()
  kkt.onFiscalize = async (_id, make) => {
    clock.setWallBy(-3_600_000)
    return { kind: 'done', doc: make(), paper: 'printed' }
  }
  await sell()
  clock.setWallBy(-3_600_000)
  expect(await scrape()).toMatchObject({ print_seconds_sum: 0, oldest_pending_age_seconds: 0 })
  await sync()
  expect(await scrape()).toMatchObject({ delivery_seconds_sum: 0, delivery_seconds_count: 1 })
  await stop()
})

test('a requeued dead letter is not printed twice in the count of papers', async () => {
  const { ofd, scrape, sell, sync, ask, stop } = scraping()
  ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' })
  await sell()
  await sync()
  expect(await scrape()).toMatchObject({ dead_letters: 1, print_seconds_count: 1, delivery_seconds_count: 0 })
  await ask('POST', '/v1/kkt/buffer/dlq/requeue', { body: '{}' })
  expect(await scrape()).toMatchObject({ dead_letters: 0, print_seconds_count: 1 })
  await stop()
})

test('a delivery that could not be recorded is timed once, when it is', async () => {
  const { ofd, journal, worker, scrape, sell, sync, clock, stop } = scraping()
  const { write } = journal
  ofd.onDeliver = async (_receipt, take) => {
    journal.write = async () => {
      throw new StorageFailure('SQLITE_FULL', {})
    }
    return take()
  }
  await sell()
  await sync()
  expect(await scrape()).toMatchObject({ 'delivery_attempts_total{outcome="done"}': 1, delivery_seconds_count: 0 })
  journal.write = write
  await clock.advance(60_000)
  await worker.recover()
  await sync()
  expect(await scrape()).toMatchObject({
    'receipts{status="synced"}': 1,
    delivery_seconds_count: 1,
    delivery_seconds_sum: 60,
  })
  await stop()
})
