/** Journals whose verbs fail, or do something beside what they do. */
import type { Journal, Tx } from '../journal/journal.ts'

/**
 * Gives works other verbs from now on.
 * @param verbs made of the journal's own
 * @returns what ends that, also for works that wait for their commit
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

/** Has a verb throw the next time that a work calls it. */
export function failOnce(journal: Journal, verb: Exclude<keyof Tx, 'queries'>, error = new Error('the disk is full')) {
  const mend = replaceVerbs(journal, () => ({
    [verb]: () => {
      mend()
      throw error
    },
  }))
}
