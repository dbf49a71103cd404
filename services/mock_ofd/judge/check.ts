import type { Judged } from './document.ts'

/** Tells something wrong: its tag, the place, and words that continue a sentence beginning with the name of the place. */
export type Tell = (tag: number | null, pointer: string, message: string) => void

/** The part of a check that the mock's README tells. */
export type CheckWords = {
  /** `snake_case`. It names the check in each of its findings. */
  code: string
  /** The tags that it tells of, as the README shows them. */
  tags: string
  /** The rule that a document has to keep. */
  rule: string
  /** `any`: judged in each document. `1.2`: only in one that says that it is of FFD 1.2. */
  judges: 'any' | '1.2'
}

/** One rule about a document by itself. */
export type Check = CheckWords & { find(document: Judged, tell: Tell): void }
