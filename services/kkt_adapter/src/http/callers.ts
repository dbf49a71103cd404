import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import type { Access } from '../access/access.ts'
import { actorOf, type Caller, maySellFor } from '../access/caller.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import type { Command } from '../journal/events.ts'
import type { Journal } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'

/** Lets a request in. @throws Problem */
export function admitOrRefuse(access: Access, request: Request): void {
  const admission = access.admit(request)
  if (admission.kind === 'missing') throw adapterProblem.tokenMissing()
  if (admission.kind === 'wrong') throw wrongToken(admission)
  if (admission.kind === 'not_allowed') throw adapterProblem.roleNotAllowed(admission.role)
}

export const wrongToken = ({ waitMs }: { waitMs: number | null }) =>
  waitMs === null ? adapterProblem.tokenUnknown() : adapterProblem.tooManyWrongTokens(waitMs)

/** The client of a request to a route that needs a token where there are tokens. */
export function callerOf(access: Access, request: Request): Caller {
  const caller = access.callerOf(request)
  if (caller === null) throw new Error('A route that needs a token was reached without one')
  return caller
}

/** The client in the words of the audit log. */
export const whoOf = (access: Access, request: Request): string | null => actorOf(callerOf(access, request)).who

/** A receipt that the client may see. @throws Problem for another till's, as if it were not there */
export function seenReceipt(journal: Journal, id: ReceiptId, caller: Caller): Receipt {
  const receipt = journal.queries.find(id)
  if (receipt === null || !maySellFor(caller, receipt.content.posId)) throw adapterProblem.receiptNotFound(id)
  return receipt
}

export type NoteCommand = (command: Command, detail: string | null, request: Request) => void
type CommandDeps = { journal: Journal; logger: Logger; access: Access }

/** Notes in the log and in the audit log that a client had the adapter do something. Nobody waits for it. */
export const createNoteCommand =
  ({ journal, logger, access }: CommandDeps): NoteCommand =>
  (command, detail, request) => {
    const who = whoOf(access, request)
    logger.info(`${command}_asked`, { detail, by: who })
    journal
      .write((tx) => tx.recordCommand(command, detail, who))
      .catch((error) => logger.warn('event_not_recorded', errorFields(error)))
  }
