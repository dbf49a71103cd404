import type { Tx } from '@kkt/adapter/src/journal/journal.ts'
import type { Step } from './points.ts'

/**
 * A receipt that is brought back passes the steps of one that was printed and handed to an OFD that may have it. The steps of
 * marking it are left out: a crash after one of them would have to leave a receipt that is handed over, and this commit leaves
 * none.
 */
const BRINGING_BACK: readonly Step[] = ['record_printed', 'record_undelivered']

/**
 * The journal's verbs. Each notes its step once it has changed something. A new verb is added here, with a step that gets
 * crash points, or with none.
 * @param held the steps in the current commit
 */
export function watchedVerbs(tx: Tx, held: Set<Step>): Tx {
  const told =
    <Args extends unknown[], Result>(
      verb: (...args: Args) => Result,
      steps: Step | readonly Step[],
      hasChanged: (result: Result, ...args: Args) => boolean = () => true,
    ) =>
    (...args: Args): Result => {
      const result = verb(...args)
      if (hasChanged(result, ...args)) for (const step of [steps].flat()) held.add(step)
      return result
    }

  return {
    queries: tx.queries,
    accept: told(tx.accept, 'intake', ({ kind }) => kind === 'accepted'),
    rehearse: tx.rehearse,

    markPrinting: told(tx.markPrinting, 'mark_printing', (_, ...ids) => ids.length > 0),
    recordPrinted: told(tx.recordPrinted, 'record_printed'),
    recordRefused: told(tx.recordRefused, 'record_refused'),
    recordUnknown: told(tx.recordUnknown, 'record_unknown'),
    recordNotAsked: told(tx.recordNotAsked, 'record_not_asked'),
    recordFound: told(tx.recordFound, 'record_found'),
    recordAbsent: told(tx.recordAbsent, 'record_absent'),
    noteDifferences: tx.noteDifferences,
    recordOnPaper: told(tx.recordOnPaper, 'record_on_paper'),

    markSyncing: told(tx.markSyncing, 'mark_syncing'),
    recordSynced: told(tx.recordSynced, 'record_synced'),
    recordUndelivered: told(tx.recordUndelivered, 'record_undelivered'),
    reclaimSyncing: told(tx.reclaimSyncing, 'record_reclaimed', (ids) => ids.length > 0),
    countFailure: tx.countFailure,
    mergeTime: tx.mergeTime,
    rememberLookup: tx.rememberLookup,

    deadLetter: told(tx.deadLetter, 'record_dead_letter'),
    requeue: told(tx.requeue, 'record_requeued'),
    closeDeadLetter: told(tx.closeDeadLetter, 'record_closed'),

    meetFn: tx.meetFn,
    bringBack: told(tx.bringBack, BRINGING_BACK, (isBack) => isBack),
    recognise: told(tx.recognise, BRINGING_BACK),
    doubtDeliveries: tx.doubtDeliveries,

    createLease: tx.createLease,
    takeLease: told(tx.takeLease, 'lease_taken', (taken) => taken !== null),
    holdsLease: tx.holdsLease,
    renewLease: tx.renewLease,
    raiseToken: tx.raiseToken,
    releaseLease: told(tx.releaseLease, 'lease_released', (isReleased) => isReleased),

    recordEvent: tx.recordEvent,
    boundRefused: tx.boundRefused,
    moveKeptFrom: tx.moveKeptFrom,
    prune: tx.prune,
  }
}
