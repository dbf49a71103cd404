import type { Clock } from '@kkt/platform/clock.ts'
import { Refused } from './ask.ts'

/** `value` is that of the last read that worked, also while it is read again. */
export type Read<Value> = { value: Value | null; refused: Refused | null }

type ResourceOptions<Value> = {
  read: () => Promise<Value>
  clock: Clock
  /** The shortest time between the beginnings of two reads. */
  everyMs: number
  onRead: (read: Read<Value>) => void
}

/** Something that is read again at news of it: one read at a time, and not too often however much the news. */
export function createResource<Value>({ read, clock, everyMs, onRead }: ResourceOptions<Value>) {
  const ended = new AbortController()
  let mode: 'quiet' | 'busy' | 'busy_with_news' = 'quiet'
  let value: Value | null = null
  /** The changes that were begun, and those that are not answered yet. */
  let changes = 0
  let underWay = 0

  async function readOnce(): Promise<void> {
    const before = changes
    try {
      const answer = await read()
      if (ended.signal.aborted) return
      // It may be of the time before a change that was begun since.
      if (before === changes && underWay === 0) show({ value: answer, refused: null })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (!ended.signal.aborted) onRead({ value, refused: error })
    }
  }

  function show(done: { value: Value; refused: null }): void {
    value = done.value
    onRead(done)
  }

  async function readWhileNews(): Promise<void> {
    do {
      mode = 'busy'
      const rested = clock.wait(everyMs, ended.signal)
      await readOnce()
      await rested
    } while (isBehind() && !ended.signal.aborted)
    mode = 'quiet'
  }

  const isBehind = () => mode === 'busy_with_news'

  function nudge(): void {
    if (mode === 'quiet') void readWhileNews()
    else mode = 'busy_with_news'
  }

  return {
    /** Says that what was read may have changed. */
    nudge,
    /**
     * Changes it at the service. Until that is answered, `meanwhile` is shown, whatever is read.
     * @throws Refused
     */
    async change(meanwhile: Value, ask: () => Promise<Value>): Promise<void> {
      changes += 1
      underWay += 1
      const former = value
      show({ value: meanwhile, refused: null })
      try {
        show({ value: await ask(), refused: null })
      } catch (error) {
        if (former !== null) show({ value: former, refused: null })
        throw error
      } finally {
        underWay -= 1
        changes += 1
        nudge()
      }
    },
    end: () => ended.abort(),
  }
}

export type Resource<Value> = ReturnType<typeof createResource<Value>>
