import type { Clock } from '@kkt/platform/clock.ts'
import { Signal } from '@kkt/platform/signal.ts'
import { isTaskOpen, type Task, type TaskId } from '../domain/task.ts'
import type { Journal } from '../journal/journal.ts'

/** The interval of looking into the journal: another process may do the tasks. */
const LOOK_EVERY_MS = 200

/**
 * The tasks that clients still wait for.
 * - `all`: each, until it has ended;
 * - `asked`: only the one that the KKT is at, because the adapter is stopping;
 * - `none`: no time is left.
 */
type Patience = 'all' | 'asked' | 'none'

/** The clients that wait for tasks of the KKT to end. */
export class WaitingTasks {
  readonly #changed = new Signal()
  #patience: Patience = 'all'

  constructor(private readonly deps: { journal: Journal; clock: Clock }) {}

  /**
   * Resolves with the task when it has ended, or as it is when `timeoutMs` have passed or work stops. One that ends and is removed
   * meanwhile, because the clock was set ahead by days, is told as it was last seen.
   * @throws StorageFailure
   */
  async wait(id: TaskId, timeoutMs: number): Promise<Task> {
    const { journal, clock } = this.deps
    const deadlineMs = clock.monotonicMs() + timeoutMs
    for (let seen: Task | null = null; ; ) {
      const task = journal.tasks.find(id)
      if (task === null && seen !== null) return seen
      if (task === null) throw new Error(`Task ${id} was accepted and is not in the journal`)
      seen = task
      const leftMs = deadlineMs - clock.monotonicMs()
      if (leftMs <= 0 || !this.#isWaitedFor(task)) return task
      await this.#changed.wait(Math.min(LOOK_EVERY_MS, leftMs), clock)
    }
  }

  /** Says that a task has another state on the disk. */
  look(): void {
    this.#changed.notify()
  }

  /** From now on clients wait only for the task that the KKT is at. */
  stop(): void {
    this.#patience = 'asked'
    this.look()
  }

  /** From now on nobody waits. */
  letGo(): void {
    this.#patience = 'none'
    this.look()
  }

  #isWaitedFor({ status }: Task): boolean {
    return isTaskOpen(status) && (this.#patience === 'all' || (this.#patience === 'asked' && status === 'asked'))
  }
}
