/** Something that is wrong with a document, as a mock tells it. */
export type Finding = {
  /** The tag of the fiscal document format (FFD). Null for a field that has none. */
  tag: number | null
  /** A JSON Pointer to the wrong part. */
  pointer: string
  /** The check that found it. */
  code: string
  /** Continues a sentence that begins with the name of the wrong part: `is missing`. No data of a customer. */
  message: string
}

/** Far more than a person mends at once. Without a limit, one body could fill the log of calls. */
export const MAX_FINDINGS = 20

/** Shared by all documents in which nothing is wrong. */
export const NOTHING_WRONG: readonly Finding[] = []
