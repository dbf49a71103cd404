/** Journals whose verbs fail or do additional work. */
import type { Journal, Tx } from '../journal/journal.ts'

/**
 * Gives works other verbs from now on.
 * @param verbs built from the journal's own
 * @returns a function that ends this, also for works that wait for their commit
 */
export function replaceVerbs(journal: Journal, verbs: (own: Tx) => Partial<Tx>): () => void {
  const { write, takeUp } = journal
  let isReplaced = true
  const given = (own: Tx): Tx => (isReplaced ? { ...own, ...verbs(own) } : own)
  journal.write = (work) => write((own) => work(given(own)))
  journal.takeUp = (work) => takeUp((own) => work(given(own)))
  return () => {
    isReplaced = false
  }
}

/** Makes a verb throw at its next call in a work. */
export function failOnce(journal: Journal, verb: Exclude<keyof Tx, 'queries'>, error = new Error('the disk is full')) {
  const mend = replaceVerbs(journal, () => ({
    [verb]: () => {
      mend()
      throw error
    },
  }))
}
