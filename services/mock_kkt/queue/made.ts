import { MAX_ID_LENGTH } from '@kkt/fault-kit/fields.ts'
import { z } from 'zod'
import { typeOf } from '../task_type.ts'
import type { TaskState } from './task_state.ts'

const RECEIPT = /^(sell|buy)(Return)?(Correction)?$/

const withDocument = z.object({
  fiscalParams: z.object({ fiscalDocumentNumber: z.int(), fnNumber: z.string(), total: z.number().optional() }),
})
const ofTasks = z.object({
  request: z.tuple([z.object({ type: z.string().min(1).max(MAX_ID_LENGTH) })], z.unknown()),
})

/** The type of the first task in a request's body; null where it tells none, or one that is too long to log. */
export const firstTypeIn = (body: unknown): string | null => ofTasks.safeParse(body).data?.request[0].type ?? null

export type MadeDocument = { type: string; fdNumber: number; fnNumber: string; total: number | null }

/** The document that a task has made; null where it made none. */
export function documentOf(task: unknown, state: TaskState | undefined): MadeDocument | null {
  const read = state?.kind === 'ready' ? withDocument.safeParse(state.result).data : undefined
  if (!read) return null
  const { fiscalDocumentNumber: fdNumber, fnNumber, total = null } = read.fiscalParams
  return { type: typeOf(task), fdNumber, fnNumber, total }
}

/** The receipts that tasks have made, corrections among them. */
export const receiptsOf = (tasks: readonly unknown[], states: readonly TaskState[]): MadeDocument[] =>
  tasks.flatMap((task, i) => {
    const made = documentOf(task, states[i])
    return made && RECEIPT.test(made.type) ? [made] : []
  })
