/** Tasks that an earlier process has left. A journal that was damaged since may have forgotten that the KKT was handed one. */
import { describe, expect, test } from 'bun:test'
import type { TaskLookup } from '../domain/kkt_outcome.ts'
import { fiscalizerOf, setUp } from '../testing/fiscalizer_kit.ts'
import { freshKey } from '../testing/kit.ts'
import { acceptedTask, cash, closing } from '../testing/task_kit.ts'

/** A task that the journal has as accepted, and a process that starts on that journal. */
async function left(work = cash('cash_in', 500)) {
  const parts = setUp()
  const { journal, lease, clock, kkt } = parts
  const id = await acceptedTask(journal, work, work.kind.startsWith('cash') ? freshKey() : null)
  const later = fiscalizerOf({ journal, lease, clock, driver: kkt })
  return { ...parts, id, work, later, task: () => journal.tasks.find(id) }
}

describe('invariant 14: every task of the KKT once, a task of an earlier process', () => {
  test.each([
    ['cash', cash('cash_in', 500)],
    ['a closing', closing(1)],
  ])('that the KKT has done is not done again: %s', async (_what, work) => {
    const { kkt, id, later, task } = await left(work)
    await kkt.perform({ id, work })
    expect(await later.runOnce()).toBe('worked')
    expect(task()?.status).toBe('done')
    expect(kkt.tasks).toHaveLength(1)
  })

  test.each<[string, TaskLookup]>([
    ['does not know', { kind: 'absent', fnNumber: '9999078900000961' }],
    ['cannot tell', { kind: 'untellable', reason: 'it keeps no list' }],
  ])('that the KKT %s is done as journaled', async (_what, answer) => {
    const { kkt, later, task } = await left()
    kkt.onLookupTask = async () => answer
    await later.runOnce()
    expect([task()?.status, kkt.tasks.length]).toEqual(['done', 1])
  })

  test('waits for a KKT that does not answer the look-up', async () => {
    const { kkt, later, task } = await left()
    kkt.onLookupTask = async () => ({ kind: 'unknown', reason: 'the reply got lost' })
    expect(await later.runOnce()).toBe('blocked')
    expect([task()?.status, kkt.tasks.length]).toEqual(['accepted', 0])
  })
})
