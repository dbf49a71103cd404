import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { acceptedTask, setUpTasks, X_REPORT } from '../testing/task_kit.ts'
import { WaitingTasks } from './waiting_tasks.ts'

const WAIT_MS = 1000

test('a task that ends and is removed before anybody looks is told as it was last seen', async () => {
  const { journal } = setUpTasks()
  const clock = new TestClock()
  const waiting = new WaitingTasks({ journal, clock })
  const id = await acceptedTask(journal, X_REPORT, null)
  const told = waiting.wait(id, WAIT_MS)
  await journal.write((tx) => {
    tx.recordTaskNeedless(id, 'there is nothing to report')
    tx.prune(Number.MAX_SAFE_INTEGER, 1)
  })
  expect(journal.tasks.find(id)).toBeNull()
  await clock.advance(WAIT_MS)
  expect(await told).toMatchObject({ id, status: 'accepted' })
})
