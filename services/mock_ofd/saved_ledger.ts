/** The ledger, as an export holds it. */
import {
  checkNumbers,
  count,
  LEDGER_ROOM,
  moment,
  newestThatFit,
  recordOf,
  savedFindings,
} from '@kkt/fault-kit/saved.ts'
import { z } from 'zod'
import { type Book, emptyBook, entryOf, MAX_KEPT_RECEIPTS, MAX_KNOWN_SENDERS, ofdIdOf } from './ledger_book.ts'
import { anyRegisterDocument } from './register_document.ts'
import { MAX_TOKEN } from './schema.ts'
import { anyDocument, restoredSubmission } from './submission.ts'

const savedEntry = z
  .strictObject({
    ofdId: z.string(),
    receivedAtMs: moment,
    timesSent: z.int().min(1),
    rejectedAtMs: moment.nullable(),
    findings: savedFindings,
    // Missing in exports from before cash registers sent documents.
    isRegisters: z.boolean().default(false),
    document: z.looseObject({}),
  })
  .superRefine(({ isRegisters, document }, ctx) => {
    const { error } = (isRegisters ? anyRegisterDocument : anyDocument).safeParse(document)
    for (const { path, message } of error?.issues ?? []) {
      ctx.addIssue({ code: 'custom', path: ['document', ...path], message })
    }
  })
export const savedBook = z
  .strictObject({
    total: count,
    entries: z.array(savedEntry).max(MAX_KEPT_RECEIPTS),
    highestFdByTill: recordOf(z.string().regex(/^\d{16} [A-Za-z0-9._-]{1,64}$/), count, MAX_KNOWN_SENDERS),
    highestFenceByKkt: recordOf(z.string().max(128), z.int().min(0).max(MAX_TOKEN), MAX_KNOWN_SENDERS),
    otherDocuments: count.default(0),
    calls: count,
    duplicates: count,
    outOfOrder: count,
    staleFence: count,
    // Missing in the first exports, as are the findings.
    judgedWrong: count.default(0),
  })
  .superRefine(({ total, entries, otherDocuments, duplicates, outOfOrder }, ctx) => {
    checkNumbers(ctx, { list: entries, path: 'entries', total }, ({ ofdId }, ordinal) => ofdId === ofdIdOf(ordinal))
    const again = entries.reduce((sum, { timesSent }) => sum + timesSent - 1, 0)
    const message = 'must be at least what timesSent adds up to'
    if (duplicates < again) ctx.addIssue({ code: 'custom', path: ['duplicates'], message })
    if (otherDocuments > total)
      ctx.addIssue({ code: 'custom', path: ['otherDocuments'], message: 'must be at most total' })
    if (outOfOrder > total) ctx.addIssue({ code: 'custom', path: ['outOfOrder'], message: 'must be at most total' })
  })

/** Of documents whose documents are no longer kept, only the count is saved. */
export const saved = ({ entries, firstOf: _, seen, highestFenceByKkt, ...counts }: Book) => ({
  ...counts,
  total: entries.total(),
  entries: newestThatFit(entries.all(), LEDGER_ROOM, ({ taken: { register, ...taken }, findings, text }) => ({
    ...taken,
    findings,
    isRegisters: register !== null,
    document: JSON.parse(text),
  })),
  highestFdByTill: Object.fromEntries(seen.highestFdByTill.all()),
  highestFenceByKkt: Object.fromEntries(highestFenceByKkt.all()),
})

export function restoredBook(given: z.output<typeof savedBook>): Book {
  const { total, entries, highestFdByTill, highestFenceByKkt, ...counts } = given
  const book = { ...emptyBook(), ...counts }
  for (const [kkt, token] of Object.entries(highestFenceByKkt)) book.highestFenceByKkt.set(kkt, token)
  const kept = entries.map(({ document, findings, isRegisters, ...saved }) => {
    const submission = restoredSubmission(document, findings, isRegisters)
    const taken = { ...saved, register: submission.register }
    const isAgain = submission.receiptId !== null && book.firstOf.get(submission.receiptId) !== undefined
    if (submission.numbers && !isAgain) book.seen.note(submission.numbers)
    if (submission.receiptId !== null && !isAgain) book.firstOf.set(submission.receiptId, taken)
    return entryOf(taken, submission, findings)
  })
  book.entries.fill(kept, total)
  // Of the receipts that are no longer kept, too.
  for (const [till, fd] of Object.entries(highestFdByTill)) book.seen.highestFdByTill.set(till, fd)
  return book
}
