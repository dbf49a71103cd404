/**
 * The tasks that a cash register of its own has done, by its FNs and its drawer. Cash is known by its sum, which each request has to
 * itself, and the opening or closing of a shift by its document. A report or a copy leaves no trace, so it is done as the journal has it.
 */
import { type RegisterDocument, registerCash, registerFn } from '../harness/register_fn.ts'
import type { Journaled } from './task_faults.ts'

const KIND_OF_DOCUMENT: Readonly<Record<string, string>> = { open_shift: 'shift_opening', close_shift: 'shift_closing' }

/**
 * @param statePath the STATE_PATH of the register's service
 * @returns tells the ids of the tasks. Work of the register that no task in the journal asked for is told in words
 */
export const doneByRegister =
  (statePath: string) =>
  (journal: readonly Journaled[]): string[] => [
    ...shiftsDone(registerFn(statePath, []), journal),
    ...registerCash(statePath).map(
      ({ kind, amount }) =>
        journal.find((one) => one.kind === kind && one.amount === amount)?.task_id ?? `${kind} of ${amount}`,
    ),
    ...journal.flatMap(({ task_id, kind, status }) =>
      status === 'done' && (kind === 'x_report' || kind === 'copy') ? task_id : [],
    ),
  ]

/** Each document is of one task at most: of one that names it, or else of one that the adapter could not tell its document. */
function shiftsDone(fn: readonly RegisterDocument[], journal: readonly Journaled[]): string[] {
  const ofShifts = fn.filter(({ kind }) => Object.values(KIND_OF_DOCUMENT).includes(kind))
  const left = new Set(journal)
  const taskOf = new Map<RegisterDocument, string>()
  for (const isOf of [isNamed, mayBeOf])
    for (const document of ofShifts.filter((one) => !taskOf.has(one))) {
      const task = [...left].find((one) => one.status === 'done' && isOf(one, document))
      if (task === undefined) continue
      taskOf.set(document, task.task_id)
      left.delete(task)
    }
  return ofShifts.flatMap((document) => taskOf.get(document) ?? strangerIn(document, left))
}

const isNamed = ({ kind, fiscal_doc: named }: Journaled, document: RegisterDocument): boolean =>
  KIND_OF_DOCUMENT[kind] === document.kind &&
  named?.fn_number === document.fn_number &&
  named.fiscal_doc_number === document.fiscal_doc_number

const mayBeOf = ({ kind, fiscal_doc, shift_number: closed }: Journaled, document: RegisterDocument): boolean =>
  fiscal_doc === null &&
  KIND_OF_DOCUMENT[kind] === document.kind &&
  (kind === 'open_shift' || closed === document.shift_number)

/**
 * A register opens shifts by itself, and closes none. The adapter gives up a closing whose FN was taken out before it was looked up.
 * @param left the tasks without a document. A closing that was given up is taken out
 */
function strangerIn({ kind, fn_number, shift_number, isInKkt }: RegisterDocument, left: Set<Journaled>): string[] {
  if (kind !== 'shift_closing') return []
  const givenUp = [...left].find(
    (one) => one.kind === 'close_shift' && one.status === 'refused' && one.shift_number === shift_number,
  )
  if (isInKkt || givenUp === undefined) return [`closing of shift ${shift_number} of FN ${fn_number}`]
  left.delete(givenUp)
  return []
}
