import { describe, expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { shownItem } from '../harness/completed.ts'
import { expectFiscalDocOf, expectGrowing } from '../harness/fiscal_doc.ts'
import { limits } from '../harness/limits.ts'
import { item, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { deliveredFds, onHealedStack, whenJustOpened, whenStatus, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

/** Posts the receipts one after the other, so that they are printed in this order. */
async function printAll(posIds: string[]) {
  const printed = []
  for (const pos_id of posIds) printed.push(await adapter.print(receipt({ pos_id })))
  return printed.map(({ receipt_id, fiscal_doc }) => ({ id: receipt_id, fd: fiscal_doc.fiscal_doc_number }))
}

/** All that the OFD has accepted, from the adapter or from a register. */
const ledger = async (): Promise<object[]> =>
  deliversByKkt
    ? (await ofd.documents()).map(({ receipt_id, document }) => ({ receipt_id, document }))
    : (await ofd.ledger()).map(({ receipt_id, ofd_id, document }) => ({ receipt_id, ofd_id, document }))

type Printed = Awaited<ReturnType<typeof adapter.print>>

/** The entry that such a ledger must have for a sale of 1549.80. */
function entryOf(
  { pos_id, ...sale }: Receipt,
  { receipt_id, fiscal_doc: doc }: Printed,
  ofd_id: string | null,
): object {
  // Only tills are told that the document is a test.
  const { test: _mark, ...fiscal_doc } = doc
  const items = sale.items.map((item) => shownItem(item))
  const content = { ...sale, items, total: 1549.8, cashier: { name: limits.cashierName }, fiscal_doc }
  if (!deliversByKkt) {
    const document = { ...content, pos_id, receipt_id, kkt_id: limits.kktId }
    return { receipt_id, ofd_id: ofd_id ?? '', document }
  }
  // A register knows no tills, names its taxation system and kind of paper, and has the receipt's id as tag 1084.
  expect(ofd_id).toBeNull()
  const numbers = { fn_number: doc.fn_number, fd_number: doc.fiscal_doc_number }
  const registers = { kind: 'receipt', kkt_id: doc.serial_number, taxation_system: 'osn', electronic: false }
  const document = { ...content, ...numbers, ...registers, user_attribute: { name: 'receipt_id', value: receipt_id } }
  return { receipt_id: `${doc.fn_number}/${doc.fiscal_doc_number}`, document }
}

const repeat = (count: number, posId: string): string[] => Array.from({ length: count }, () => posId)

describe('with the OFD well', () => {
  // Sends exactly one receipt: after this test the README asks the OFD for its number of receipts.
  test('happy path online sale', async () => {
    const sale = receipt({
      pos_id: newPosId('happy'),
      items: [item(), item({ name: 'Lens cleaner, 30 ml', price: 149.9, quantity: 2, vat_rate: 10 })],
      payments: [
        { type: 'card', amount: 1500 },
        { type: 'cash', amount: 49.8 },
      ],
    })
    const printed = await adapter.print(sale)
    expectFiscalDocOf(sale, printed.fiscal_doc)

    const synced = await whenSynced(printed.receipt_id)
    expect(synced).toMatchObject({
      pos_id: sale.pos_id,
      fiscal_doc: printed.fiscal_doc,
      retry_count: 0,
      last_error: null,
    })
    expect(await ledger()).toEqual([entryOf(sale, printed, synced.ofd_id)])
    expect(await ofd.health()).toMatchObject({ call_count: 1, receipts_received: 1, duplicates: 0, out_of_order: 0 })
  })

  test('a refund is printed and delivered like a sale, and its QR code says that it is one', async () => {
    const refund = receipt({ type: 'refund', items: [item({ price: 1.15, quantity: 0.1, vat_rate: null })] })
    const printed = await adapter.print(refund)
    expectFiscalDocOf(refund, printed.fiscal_doc)
    await whenSynced(printed.receipt_id)
  })

  test('FD numbers grow in the order of printing, in one FN', async () => {
    const posId = newPosId('fd')
    const printed = await printAll(repeat(4, posId))
    expectGrowing(printed.map(({ fd }) => fd))
    const { receipts } = await adapter.receipts({ pos_id: posId })
    expect(new Set(receipts.map(({ fiscal_doc }) => fiscal_doc?.fn_number)).size).toBe(1)
  })

  test('invariant 5: receipts of one pos_id reach the OFD in FD order, whether posted at once or not', async () => {
    const [left, right] = [newPosId('left'), newPosId('right')]
    const posts = [...repeat(4, left), ...repeat(4, right)].map((pos_id) => adapter.print(receipt({ pos_id })))
    for (const { receipt_id } of await Promise.all(posts)) await whenSynced(receipt_id)
    for (const posId of [left, right]) {
      const fds = await deliveredFds(posId)
      expect(fds).toHaveLength(4)
      expectGrowing(fds)
    }
    expect(await ofd.health()).toMatchObject({ out_of_order: 0, duplicates: 0, receipts_received: 8 })
  })
})

describe('with the OFD away', () => {
  test('offline: receipts are printed and buffered, and the OFD gets none', async () => {
    await ofd.configure({ permanent_failure: true })
    const posId = newPosId('offline')
    const before = await adapter.status()
    for (let sent = 1; sent <= 10; sent += 1) {
      await adapter.print(receipt({ pos_id: posId }))
      expect((await adapter.status()).pending).toBe(sent)
    }
    // A register tells that it has not got through only when that has lasted for minutes, and its FN keeps the receipts.
    const known = deliversByKkt
      ? { network_status: 'online', current_queued: 0 }
      : { network_status: 'offline', current_queued: 10 }
    const isKnown = ({ network_status: network }: { network_status: string }) => network === known.network_status
    const status = await whenStatus(`the adapter to be ${known.network_status}`, isKnown, limits.probedMs)
    expect(status).toMatchObject({ ...known, pending: 10, unprinted: 0, synced: before.synced })
    expect(status.oldest_pending_age_seconds).toBeGreaterThan(0)
    expect(await ofd.health()).toMatchObject({ receipts_received: 0, permanent_failure: true })
    expect((await adapter.receipts({ pos_id: posId })).receipts.map(({ status }) => status)).not.toContain('synced')
  })

  test('recovery: all receipts are delivered once and in order, without a manual sync', async () => {
    await ofd.configure({ permanent_failure: true })
    const posId = newPosId('recovery')
    const before = await adapter.status()
    const printed = await printAll(repeat(5, posId))
    await ofd.configure({ permanent_failure: false })

    const withinMs = limits.probedMs + limits.deliveredMs
    const after = await whenStatus('all to be delivered', ({ pending }) => pending === 0, withinMs)
    expect(after.synced - before.synced).toBe(5)
    expect(after).toMatchObject({ network_status: 'online', failed: before.failed, oldest_pending_age_seconds: null })
    expect(await deliveredFds(posId)).toEqual(printed.map(({ fd }) => fd))
    expect(await ofd.health()).toMatchObject({ receipts_received: 5, duplicates: 0, out_of_order: 0 })
  })

  test('invariant 4: a receipt whose first POSTs failed is at the OFD once', async () => {
    const failures = limits.breakerThreshold - 1
    await ofd.configure({ failure_count: failures })
    const { receipt_id } = await adapter.print(receipt({ pos_id: newPosId('again') }))
    await whenSynced(receipt_id, limits.probedMs)
    expect(await ofd.health()).toMatchObject({
      call_count: failures + 1,
      receipts_received: 1,
      duplicates: 0,
      failure_count: 0,
    })
  })

  test('invariant 5: the order holds where some POSTs in between fail', async () => {
    const [left, right] = [newPosId('left'), newPosId('right')]
    await ofd.configure({ failure_count: limits.breakerThreshold - 1 })
    const printed = await printAll([left, right, left, right, left, right])
    for (const { id } of printed) await whenSynced(id, limits.probedMs + limits.deliveredMs)
    expectGrowing(await deliveredFds(left))
    expectGrowing(await deliveredFds(right))
    expect(await ofd.health()).toMatchObject({ receipts_received: 6, duplicates: 0, out_of_order: 0 })
  })

  // A manual sync asks the register, which does not try the OFD for it.
  test.skipIf(deliversByKkt)(
    'invariant 7: an outage of more than MAX_RETRY_ATTEMPTS attempts dead-letters nothing',
    async () => {
      await ofd.configure({ permanent_failure: true })
      const posIds = [newPosId('outage'), newPosId('outage')]
      const printed = await printAll(posIds)
      const { failed } = await adapter.status()
      // Each sync probes with one of the two receipts.
      const rounds = 2 * limits.maxRetryAttempts + limits.breakerThreshold
      for (let tries = 0; tries < rounds; tries += 1) {
        const { failed: tried, ...answer } = await adapter.sync()
        expect(answer).toMatchObject({ synced: 0, remaining: 2 })
        expect(tried).toBeGreaterThanOrEqual(1)
      }
      expect(await adapter.status()).toMatchObject({ failed, dlq_size: failed, pending: 2 })

      await whenJustOpened()
      await ofd.configure({ permanent_failure: false })
      expect(await adapter.sync()).toMatchObject({ synced: 2, failed: 0, remaining: 0 })
      for (const { id } of printed) expect(await adapter.receipt(id)).toMatchObject({ status: 'synced' })
    },
  )
})
