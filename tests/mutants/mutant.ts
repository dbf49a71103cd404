/** A known bug: the promise that it breaks, the change that plants it, and the test that must catch it. */
export type Mutant = {
  name: string
  /** The part of the design that it breaks. */
  breaks: string
  /** Relative to the repository's root. */
  file: string
  /** Occurs in the file exactly once. */
  find: string
  replace: string
  /** The test file that must fail. @default the one beside the file */
  caughtBy?: string
}

export const catcherOf = ({ file, caughtBy = file.replace(/\.ts$/, '.test.ts') }: Mutant): string => caughtBy

/** A file of the adapter. */
export const adapter = (path: string) => `services/kkt_adapter/src/${path}`
