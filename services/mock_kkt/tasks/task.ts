import type { Paper } from '@kkt/adapter/src/domain/receipt.ts'
import type { ArchivedDocument, Made, NotMade, Register } from '../register.ts'
import { DriverError } from './errors.ts'
import type { AnyDocument } from './results.ts'
import { TROUBLE_CODES } from './troubles.ts'

/** The end of an act. `warnings`: of the task, beside its result. */
export type Acted = { result: object | null; warnings?: object }

/** A task that has passed the driver's check. Its methods throw a `DriverError` for what the register refuses. */
export type Task =
  /**
   * It makes a fiscal document. `prepare` registers all that the document says, and its result closes the document. `paper` is
   * missing where the printer fails at it.
   */
  | {
      kind: 'document'
      of: ArchivedDocument['kind']
      prepare(register: Register): (id: string, paper: Paper) => Made<AnyDocument> | NotMade
    }
  /** It makes none, or none that must be looked for. `prints`: it needs paper. */
  | { kind: 'act'; prints: boolean; act(register: Register): Acted }

/** @throws DriverError for a document that was not made, and for an act that was not done */
export function done<Done extends { kind: 'made' | 'moved' | 'set' }>(outcome: Done | NotMade): Done {
  if (isRefused(outcome)) throw new DriverError(TROUBLE_CODES[outcome.trouble])
  return outcome
}

const isRefused = (outcome: { kind: string }): outcome is NotMade => outcome.kind === 'refused'
