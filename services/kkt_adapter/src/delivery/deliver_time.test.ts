import { describe, expect, test } from 'bun:test'
import { accepted } from '../testing/kit.ts'
import { setUp } from '../testing/worker_kit.ts'

describe('invariant 8: the OFD’s clock', () => {
  test.each([
    ['an hour ahead is followed: ours was set back', 3_600_000, true],
    ['behind is not', -3_600_000, false],
    ['years ahead is not believed', 40_000 * 3_600_000, false],
  ])('%s', async (_what, aheadMs, isFollowed) => {
    const { clock, journal, ofd, worker, till } = setUp()
    await till(1, 'A')
    const ofdMs = clock.wallMs() + aheadMs
    ofd.onDeliver = async ({ id }) => ({ kind: 'done', ofdId: `OFD-${id}`, atMs: ofdMs, isNamed: true })
    await worker.runOnce()
    const { id, createdAtMs } = await accepted(journal)
    const idMs = Number.parseInt(id.replace('-', '').slice(0, 12), 16)
    expect(createdAtMs).toBe(clock.wallMs())
    expect(idMs - clock.wallMs()).toBe(isFollowed ? aheadMs : 0)
  })
})
