/** The count of an attack's tries by what became of them. */
import type { Answer } from '../harness/http.ts'

/** `cut`: the connection was refused, or ended without an answer. `hung`: it neither answered nor ended in time. */
export type Reply = Answer | 'cut' | 'hung'

export type Row = {
  name: string
  tries: number
  cut: number
  refused: number
  taken: number
  /** 503 with `Retry-After`: the adapter protects itself from too many clients. */
  full: number
  failed: number
  hung: number
  crashes: number
  /** Lines that say which try was wrong, and how. */
  faults: string[]
}

/** A fault that shows once often shows a thousand times. */
const MOST_FAULTS = 20

export class Tally {
  readonly row: Row

  constructor(name: string) {
    this.row = { name, tries: 0, cut: 0, refused: 0, taken: 0, full: 0, failed: 0, hung: 0, crashes: 0, faults: [] }
  }

  count(reply: Reply): void {
    this.row.tries += 1
    this.row[kindOf(reply)] += 1
  }

  fault(what: string): void {
    if (this.row.faults.length < MOST_FAULTS) this.row.faults.push(what)
  }
}

function kindOf(reply: Reply): 'cut' | 'hung' | 'refused' | 'taken' | 'full' | 'failed' {
  if (reply === 'cut' || reply === 'hung') return reply
  const { status, headers } = reply
  if (status < 400) return 'taken'
  if (status < 500) return 'refused'
  return status === 503 && headers.has('retry-after') ? 'full' : 'failed'
}

/** Whether the adapter took a request that it must refuse. */
export const isTaken = (reply: Reply): boolean => kindOf(reply) === 'taken'
