import { Refused } from '../kit/ask.ts'
import { usePage } from './page.ts'
import type { Words } from './words/en.ts'

/** Why a request was not done, in words. The adapter's own words are English. */
export function inWords(error: unknown, words: Words): string {
  if (!(error instanceof Refused)) throw error
  return error.code === 'unreachable' ? words.unreachable : words.refused(error.code, error.message)
}

/** Why something could not be read. That the adapter is not reached is told once, above all. */
export function Trouble({ refused }: { refused: Refused | null }) {
  const { words, live } = usePage()
  const isTold = refused?.code === 'unreachable' && live.connection === 'lost'
  return refused === null || isTold ? null : <p class="wrong">{inWords(refused, words)}</p>
}
