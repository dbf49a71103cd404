/** A refused start. Its line tells the operator how to go on. */
export type Refusal =
  /** The journal lacks receipts. `acceptedLoss` is the value of ACCEPT_LOSS with which the next start goes on. */
  | { kind: 'lacks_receipts'; line: string; acceptedLoss: string }
  /** SQLite finds the damage itself where earlier pages in the WAL are older than those in the file. */
  | { kind: 'damaged'; line: string }

const ACCEPT_LOSS = /ACCEPT_LOSS=(\d+:\d+)/
const DAMAGED = 'The buffer is damaged (SQLITE_CORRUPT)'

/** @returns null where the process ended for another reason */
export function refusalIn(lines: readonly string[]): Refusal | null {
  for (const line of lines) {
    const acceptedLoss = ACCEPT_LOSS.exec(line)?.[1]
    if (acceptedLoss !== undefined) return { kind: 'lacks_receipts', line, acceptedLoss }
    if (line.startsWith(DAMAGED)) return { kind: 'damaged', line }
  }
  return null
}
