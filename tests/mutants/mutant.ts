/** A known bug: what it breaks, how it is planted, and the test that has to see it. */
export type Mutant = {
  name: string
  /** What of the design it breaks. */
  breaks: string
  /** From the repository's root. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** The test file that goes red. */
  caughtBy: string
}

/** A file of the adapter. */
export const adapter = (path: string) => `services/kkt_adapter/src/${path}`
