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

  async function readOnce(): Promise<void> {
    try {
      const answer = await read()
      if (ended.signal.aborted) return
      value = answer
      onRead({ value, refused: null })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (!ended.signal.aborted) onRead({ value, refused: error })
    }
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

  return {
    /** Says that what was read may have changed. */
    nudge(): void {
      if (mode === 'quiet') void readWhileNews()
      else mode = 'busy_with_news'
    },
    end: () => ended.abort(),
  }
}
