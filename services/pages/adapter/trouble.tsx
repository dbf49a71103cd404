import { Refused } from '../kit/ask.ts'
import { usePage } from './page.ts'
import type { Words } from './words/en.ts'

/** Why a request was not done, in words. The adapter's own words are English. */
export function inWords(error: unknown, words: Words): string {
  if (!(error instanceof Refused)) throw error
  return error.code === 'unreachable' ? words.unreachable : words.refused(error.code, error.message)
}

export function Trouble({ refused }: { refused: Refused | null }) {
  const { words } = usePage()
  return refused === null ? null : <p class="wrong">{inWords(refused, words)}</p>
}
