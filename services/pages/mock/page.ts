import type { Clock } from '@kkt/platform/clock.ts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Store } from '../kit/store.ts'
import { useStore } from '../kit/use.ts'
import { type Control, inWords, type MockFacts } from './control.ts'
import { type Happening, type Live, reduce } from './state.ts'
import type { Configuration } from './wire.ts'

type Parts = { facts: MockFacts; control: Control; clock: Clock; store: Store<Live>; ticker: Store<number> }

/** All that every part of the page may use. */
export type Surroundings = Parts & {
  /** Says the outcome of an action. */
  say: (text: string, isWrong?: boolean) => void
  /**
   * Changes the configuration.
   * @param done said after success
   * @throws Refused
   */
  configure: (change: Configuration, done: string) => Promise<void>
  /** Runs an action, and says why it was refused. */
  telling: (work: () => Promise<void>) => void
}

export function surroundingsOf(parts: Parts): Surroundings {
  const { control, clock, store } = parts
  const happens = (happening: Happening) => store.change((live) => reduce(live, happening))
  const say = (text: string, isWrong = false) => happens({ kind: 'said', text, isWrong })
  return {
    ...parts,
    say,
    async configure(change, done) {
      const configuration = await control.configure(change)
      happens({ kind: 'config', configuration, nowMs: clock.wallMs() })
      say(done)
    },
    telling: (work) => void work().catch((error: unknown) => say(inWords(error), true)),
  }
}

export const Page = createContext<Surroundings | null>(null)

/** Renders nothing again by itself. */
export function useSurroundings(): Surroundings {
  const page = useContext(Page)
  if (!page) throw new Error('A part of a page is rendered outside of a page')
  return page
}

export const useLive = (): Live => useStore(useSurroundings().store)

/** This browser's time in Unix milliseconds, each second. */
export const useNow = (): number => useStore(useSurroundings().ticker)
