import type { ReceiptId } from '@kkt/adapter/src/domain/receipt.ts'
import type { TaskId, TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { Tx } from '@kkt/adapter/src/journal/journal.ts'
import type { Step, TaskStep } from './points.ts'

/** The place of a receipt in a pair that puts a wrong one right. */
export type Part = 'reversal' | 'right'

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
 * @param partOf the place of a receipt in a pair, if it has one
 * @param kinds the kinds of the tasks, which it adds to
 */
export function watchedVerbs(
  tx: Tx,
  held: Set<Step>,
  partOf: (id: ReceiptId) => Part | undefined,
  kinds: Map<string, TaskKind>,
): Tx {
  const { told, toldOfPair } = tellers(held, partOf)
  return {
    queries: tx.queries,
    accept: told(tx.accept, 'intake', ({ kind }) => kind === 'accepted'),
    rehearse: tx.rehearse,
    putRight: told(tx.putRight, 'put_right', ({ kind }) => kind === 'accepted'),
    closeCorrection: tx.closeCorrection,

    // The KKT asks for the parts of pairs once their receipts are handed over.
    markPrinting: told(tx.markPrinting, 'mark_printing', (_, ...ids) => ids.map(partOf).length > 0),
    recordPrinted: toldOfPair(tx.recordPrinted, 'record_printed', 'recorded'),
    recordRefused: told(tx.recordRefused, 'record_refused'),
    recordUnknown: told(tx.recordUnknown, 'record_unknown'),
    recordPutOff: told(tx.recordPutOff, 'record_unknown'),
    ...watchedRegister(tx, told),
    recordNotAsked: told(tx.recordNotAsked, 'record_not_asked'),
    recordFound: toldOfPair(tx.recordFound, 'record_found', 'recorded'),
    recordAbsent: told(tx.recordAbsent, 'record_absent'),
    noteDifferences: tx.noteDifferences,
    recordOnPaper: told(tx.recordOnPaper, 'record_on_paper'),

    ...watchedTasks(tx, held, kinds),
    recordTaskRefused: told(tx.recordTaskRefused, 'task_refused'),
    recordTaskNeedless: told(tx.recordTaskNeedless, 'task_refused'),
    recordTaskPutOff: told(tx.recordTaskPutOff, 'task_put_off'),
    recordTaskUnclear: told(tx.recordTaskUnclear, 'task_unclear'),
    settleTask: told(tx.settleTask, 'task_settled'),

    markSyncing: told(tx.markSyncing, 'mark_syncing'),
    recordSynced: toldOfPair(tx.recordSynced, 'record_synced', 'synced'),
    recordHandedOver: toldOfPair(tx.recordHandedOver, 'record_handed_over', 'synced'),
    closeUntraced: told(tx.closeUntraced, 'record_untraced_closed'),
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

    takeLease: told(tx.takeLease, 'lease_taken', (taken) => taken !== null),
    releaseLease: told(tx.releaseLease, 'lease_released', (isReleased) => isReleased),
    ...withoutPoints(tx),
  }
}

/** The verbs that only a cash register of its own needs. */
const watchedRegister = (tx: Tx, told: ReturnType<typeof tellers>['told']) => ({
  beginAttempt: told(tx.beginAttempt, 'attempt'),
  recordUntold: told(tx.recordUntold, 'record_untold'),
  settlePrinted: told(tx.settlePrinted, 'settled_printed'),
  settleNotPrinted: told(tx.settleNotPrinted, 'settled_not_printed'),
})

const withoutPoints = (tx: Tx) => ({
  handedOver: tx.handedOver,
  fnInKkt: tx.fnInKkt,
  recordPaperLost: tx.recordPaperLost,
  createLease: tx.createLease,
  holdsLease: tx.holdsLease,
  renewLease: tx.renewLease,
  raiseToken: tx.raiseToken,
  recordEvent: tx.recordEvent,
  recordCommand: tx.recordCommand,
  boundRefused: tx.boundRefused,
  moveKeptFrom: tx.moveKeptFrom,
  prune: tx.prune,
  pruneOriginals: tx.pruneOriginals,
})

/** The verbs of tasks whose steps are apart for each kind. */
function watchedTasks(tx: Tx, held: Set<Step>, kinds: Map<string, TaskKind>) {
  const told =
    <Args extends [TaskId, ...unknown[]]>(verb: (...args: Args) => void, step: TaskStep) =>
    (...args: Args): void => {
      verb(...args)
      const kind = kinds.get(args[0])
      if (kind !== undefined) held.add(`${kind}_${step}`)
    }
  return {
    tasks: tx.tasks,
    acceptTask(...args: Parameters<Tx['acceptTask']>): ReturnType<Tx['acceptTask']> {
      const intake = tx.acceptTask(...args)
      if (intake.kind === 'accepted') {
        kinds.set(intake.task.id, intake.task.work.kind)
        held.add(`${intake.task.work.kind}_accepted`)
      }
      return intake
    },
    markAsked: told(tx.markAsked, 'asked'),
    recordTaskDone: told(tx.recordTaskDone, 'done'),
    recordTaskUnknown: told(tx.recordTaskUnknown, 'unknown'),
    recordTaskFound: told(tx.recordTaskFound, 'found'),
    recordTaskAbsent: told(tx.recordTaskAbsent, 'absent'),
    giveTaskUp: tx.giveTaskUp,
    recordShiftDocument: tx.recordShiftDocument,
  }
}

/** They make verbs that note their steps. */
function tellers(held: Set<Step>, partOf: (id: ReceiptId) => Part | undefined) {
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

  /** A verb that also is a step of a pair, where its receipt belongs to one. */
  const toldOfPair =
    <Args extends [ReceiptId, ...unknown[]]>(
      verb: (...args: Args) => void,
      step: Step,
      ofPair: 'recorded' | 'synced',
    ) =>
    (...args: Args): void => {
      told(verb, step)(...args)
      const part = partOf(args[0])
      if (part !== undefined) held.add(`${part}_${ofPair}`)
    }
  return { told, toldOfPair }
}
