import type { Clock } from '@kkt/platform/clock.ts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { createFormat, type Format } from '../kit/format.ts'
import { chooseLanguage, localeIn } from '../kit/language.ts'
import type { Store } from '../kit/store.ts'
import { useStore } from '../kit/use.ts'
import type { Live } from './state.ts'
import type { Words } from './words/en.ts'
import { WORDS } from './words/words.ts'

/** The page of the shop's day. */
export const DAY_PATH = '/day'

/** The adapter's settings that the pages need. They are attributes of the body. */
export type AdapterFacts = {
  kktId: string
  hasTestControl: boolean
  /** The test control switches the mock OFD off and on. */
  hasOfdSwitch: boolean
  /** The KKT is the mock in the adapter, with the faults of the test control. */
  hasMockKkt: boolean
  alertThreshold: number
  hasTokens: boolean
  /** The KKT hands its documents to the OFD by itself. */
  isDeliveredByKkt: boolean
}

export function factsOf(told: DOMStringMap): AdapterFacts {
  const { kktId = '', testControl, ofdSwitch, mockKkt, alertThreshold, access, delivery } = told
  return {
    kktId,
    hasTestControl: testControl === 'true',
    hasOfdSwitch: ofdSwitch === 'true',
    hasMockKkt: mockKkt === 'true',
    alertThreshold: Number(alertThreshold ?? 1),
    hasTokens: access === 'tokens',
    isDeliveredByKkt: delivery === 'kkt',
  }
}

/** All that every part of a page may use. */
export type Surroundings = {
  words: Words
  format: Format
  clock: Clock
  store: Store<Live>
  ticker: Store<number>
  facts: AdapterFacts
  /** Says that the page has changed something at the adapter. */
  changed: () => void
}

type Parts = Pick<Surroundings, 'clock' | 'store' | 'ticker' | 'facts'> & { languages: readonly string[] }

/** `languages`: as in `navigator.languages` */
export function surroundingsOf({ languages, clock, store, ticker, facts }: Parts): Surroundings {
  const language = chooseLanguage(languages)
  return {
    words: WORDS[language],
    format: createFormat(language, localeIn(languages, language)),
    clock,
    store,
    ticker,
    facts,
    changed: () => store.change((live) => ({ ...live, news: live.news + 1 })),
  }
}

export const Page = createContext<Surroundings | null>(null)

function useSurroundings(): Surroundings {
  const page = useContext(Page)
  if (!page) throw new Error('A part of a page is rendered outside of a page')
  return page
}

export function usePage(): Surroundings & { live: Live } {
  const page = useSurroundings()
  const live = useStore(page.store)
  return { ...page, live }
}

/** This browser's time in Unix milliseconds, each second. */
export const useNow = (): number => useStore(useSurroundings().ticker)
