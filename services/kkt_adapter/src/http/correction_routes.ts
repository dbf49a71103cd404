import { createHash } from 'node:crypto'
import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { type Problem, problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { actorOf, type Caller, isOperator, maySellFor } from '../access/caller.ts'
import type { Actor } from '../domain/actor.ts'
import type { DocumentNumbers, Correction as Reason } from '../domain/correction.ts'
import { filledInFor, withFilledIn } from '../domain/filled_in.ts'
import { reversalOf, rightReceipt } from '../domain/put_right.ts'
import { readableText } from '../domain/readable_text.ts'
import {
  type FiscalDoc,
  type IdempotencyKey,
  localDate,
  type Receipt,
  type ReceiptContent,
  type ReceiptId,
} from '../domain/receipt.ts'
import { said } from '../domain/said.ts'
import { isUnprinted } from '../domain/state.ts'
import { signedSystem } from '../domain/taxation.ts'
import { type CorrectionRecord, type NewCorrection, partKey } from '../journal/corrections.ts'
import { adapterProblem } from './adapter_problems.ts'
import { answerLanguage } from './answer_language.ts'
import { callerOf, seenReceipt, whoOf } from './callers.ts'
import { type Correction, correctionAnswer, correctionOf, partsOf, toWireCorrection } from './correction_answers.ts'
import { inFuture } from './correction_day.ts'
import { idempotencyKey } from './idempotency_key.ts'
import { printedFor } from './printed_before.ts'
import { receiptId } from './receipt_body/fields.ts'
import { type PutRight, putRightBody, type Wrong } from './receipt_body/put_right.ts'
import type { ReceiptRoutesDeps } from './receipt_routes.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'

/** A sentence or two: the audit log shows it as one line. */
const MAX_REASON_CHARACTERS = 256

const headers = z.object({ 'idempotency-key': idempotencyKey })
const params = z.object({ correction_id: receiptId.meta({ description: 'The id of the correction, a UUID' }) })

type CorrectionRoutesDeps = ReceiptRoutesDeps & { logger: Pick<Logger, 'info'> }

/** Puts wrong receipts right, and tells how that stands. */
export const correctionRoutes = (deps: CorrectionRoutesDeps) => {
  const { journal, driver, rules, access } = deps
  const putRight = createPutRight(deps)
  const warningDeps = { driver, journal, dateAt: rules.dateAt }
  return new Elysia({ name: 'corrections' })
    .post(
      '/v1/kkt/correction',
      async ({ headers, body, set, request }) => {
        if (deps.isStopping()) throw adapterProblem.shuttingDown()
        const { record, isKnown } = await putRight(headers['idempotency-key'], body, callerOf(access, request))
        if (isKnown) set.headers['idempotency-replayed'] = 'true'
        const waitedFor = partsOf(correctionOf(record, journal)).filter(({ status }) => isUnprinted(status))
        await Promise.all(waitedFor.map(({ id }) => deps.fiscalizer.outcome(id, deps.printTimeoutMs)))
        const correction = correctionOf(record, journal)
        refuseIfNothingWasMade(correction)
        return toWireCorrection(correction, warningDeps, answerLanguage(request, set))
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        headers,
        body: putRightBody,
        response: {
          200: correctionAnswer,
          400: problemDocument,
          404: problemDocument,
          409: problemDocument,
          413: problemDocument,
          422: problemDocument,
          502: problemDocument,
          503: problemDocument,
        },
      },
    )
    .get(
      '/v1/kkt/correction/:correction_id',
      ({ params: { correction_id: id }, request, set }) =>
        toWireCorrection(
          seenCorrection(id, callerOf(access, request), deps),
          warningDeps,
          answerLanguage(request, set),
        ),
      { params, response: { 200: correctionAnswer, 404: problemDocument, 422: problemDocument } },
    )
    .post(
      '/v1/kkt/correction/:correction_id/close',
      async ({ params: { correction_id: id }, body: { reason }, request, set }) => {
        seenCorrection(id, callerOf(access, request), deps)
        const who = whoOf(access, request)
        await journal.write((tx) => {
          if (!tx.closeCorrection(id, reason)) throw adapterProblem.correctionNotOpen(id)
          tx.recordCommand('correction_closed', `${id}: ${reason}`, who)
        })
        deps.logger.info('correction_closed', { correction_id: id, by: who })
        const correction = seenCorrection(id, callerOf(access, request), deps)
        return toWireCorrection(correction, warningDeps, answerLanguage(request, set))
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        params,
        body: z.strictObject({
          reason: readableText(MAX_REASON_CHARACTERS).meta({
            description:
              'How it was settled, for the audit log. No control character, and one character that is visible',
          }),
        }),
        response: {
          200: correctionAnswer,
          400: problemDocument,
          404: problemDocument,
          409: problemDocument,
          413: problemDocument,
          422: problemDocument,
        },
      },
    )
}

/** A correction that the client may see. @throws Problem for another till's, as if it were not there */
function seenCorrection(id: ReceiptId, caller: Caller, { journal }: ReceiptRoutesDeps): Correction {
  const record = journal.corrections.find(id)
  const correction = record && correctionOf(record, journal)
  if (correction === null || !maySee(caller, partsOf(correction))) throw adapterProblem.correctionNotFound(id)
  return correction
}

/** Only its receipts tell whose a correction is. When they are pruned, it is an operator's to settle. */
const maySee = (caller: Caller, parts: Receipt[]): boolean =>
  parts.length === 0 ? isOperator(caller) : parts.every(({ content }) => maySellFor(caller, content.posId))

/** @throws Problem as for a receipt: a correction without any document has corrected nothing */
function refuseIfNothingWasMade(correction: Correction): void {
  const parts = partsOf(correction)
  const [first] = parts
  if (first && parts.every(({ status }) => status === 'refused')) {
    throw adapterProblem.kktRefused(first.id, first.lastError)
  }
}

/** Journals a correction, or finds that of its key. It throws a Problem where nothing is stored. */
function createPutRight(deps: CorrectionRoutesDeps) {
  const { journal, fiscalizer, logger, access, driver } = deps

  return async (key: IdempotencyKey, wanted: PutRight, caller: Caller) => {
    const actor = actorOf(caller)
    const digest = digestOf(wanted)
    const known = journal.corrections.ofKey({ key, digest }, actor.owner, access.isFormer)
    // The wrong receipt may be pruned by now, so the key is asked for first.
    if (known) return { record: theSame(known, digest), isKnown: true }
    const planned = plan(wanted, caller, deps)
    const trouble = await fiscalizer.unfit()
    if (trouble !== null) throw adapterProblem.kktUnfit(trouble)
    const refusal = kktRefusal(planned, driver)
    if (refusal !== null && !(await isPrinted(key, planned, actor, deps))) throw refusal
    const journaled = journal.write((tx) => tx.putRight({ key, digest, ...planned }, actor, access.isFormer))
    fiscalizer.nudge()
    const intake = await journaled
    if (intake.kind === 'full') throw adapterProblem.bufferFull(intake.undelivered)
    if (intake.kind === 'key_reused') throw adapterProblem.keyReused(intake.correctionId)
    if (intake.kind === 'already_corrected') throw adapterProblem.alreadyCorrected(intake.correctionId)
    const { correction: record } = intake
    if (intake.kind === 'accepted') logger.info('correction_accepted', { correction_id: record.id, by: actor.who })
    return { record, isKnown: intake.kind === 'known' }
  }
}

/** The problem where the KKT cannot make one of the receipts. */
function kktRefusal({ reversal, right }: Plan, driver: CorrectionRoutesDeps['driver']): Problem | null {
  const taken = reversal && driver.cannot(withFilledIn(reversal.content, reversal.filledIn))
  if (taken) return adapterProblem.kktCannot({ ...taken, pointer: `/wrong${taken.pointer}` })
  const said = right && driver.cannot(withFilledIn(right.content, right.filledIn))
  return said && adapterProblem.kktCannot({ ...said, pointer: `/right${said.pointer}` })
}

/** Whether the KKT has printed one of its receipts, for a journal that was lost. Its registration may have changed since. */
async function isPrinted(key: IdempotencyKey, planned: Plan, actor: Actor, deps: ReceiptRoutesDeps): Promise<boolean> {
  const receipts = [planned.reversal, planned.right].filter((receipt) => receipt !== null)
  for (const [before, { content }] of receipts.entries()) {
    const printed = await printedFor({ key: partKey(key, before === 0 ? 1 : 2), content }, actor, deps)
    if (printed !== null) return true
  }
  return false
}

function theSame(known: CorrectionRecord, digest: string): CorrectionRecord {
  if (known.digest !== digest) throw adapterProblem.keyReused(known.id)
  return known
}

/** The bodies that mean the same have the same one: the schema gives their fields in one order. */
const digestOf = (wanted: PutRight): string => createHash('sha256').update(JSON.stringify(wanted)).digest('hex')

type Plan = NewCorrection extends infer Kind ? (Kind extends unknown ? Omit<Kind, 'key' | 'digest'> : never) : never

/** The receipts that put it right. @throws Problem where the wrong one is not there, or has no document, or for its day */
function plan(wanted: PutRight, caller: Caller, deps: ReceiptRoutesDeps): Plan {
  const filled = (content: ReceiptContent) => ({
    content,
    filledIn: filledInFor(content, deps.rules.defaultsOf(content.posId)),
  })
  const early = wanted.date === undefined ? null : inFuture(wanted.date, '/date', deps)
  if (early) throw early
  const { right } = wanted
  if (right !== null && !maySellFor(caller, right.posId)) throw adapterProblem.posNotAllowed()
  if (wanted.wrong === null) {
    const why = because(wanted.reason, wanted.date)
    return { wrong: null, reversal: null, right: filled(rightReceipt(wanted.right, why, null)) }
  }
  const { content, numbers, date } = wrongReceipt(wanted.wrong, caller, deps)
  const day = wanted.date ?? date
  if (day === null) throw new Error('A correction of a document that is not in the journal has no date')
  const why = because(wanted.reason, day)
  const reversal = filled(reversalOf(content, why, numbers))
  return { wrong: numbers, reversal, right: right && filled(rightReceipt(right, why, numbers)) }
}

function because({ type, number }: PutRight['reason'], date: string): Reason {
  return type === 'instruction' ? { type, date, number } : said({ type, date, number })
}

type WrongReceipt = { content: ReceiptContent; numbers: DocumentNumbers; date: string | null }

function wrongReceipt(wrong: Wrong, caller: Caller, { journal }: ReceiptRoutesDeps): WrongReceipt {
  if (wrong.kind === 'told') {
    const { content, numbers } = wrong
    if (!maySellFor(caller, content.posId)) throw adapterProblem.posNotAllowed()
    return { content, numbers, date: null }
  }
  const { id, content, status, fiscalDoc } = seenReceipt(journal, wrong.id, caller)
  if (fiscalDoc === null) throw adapterProblem.noFiscalDocument(id, status)
  return { content: asSigned(content, fiscalDoc), numbers: numbersOf(fiscalDoc), date: dayOf(content, fiscalDoc) }
}

function asSigned(content: ReceiptContent, doc: FiscalDoc): ReceiptContent {
  const taxationSystem = signedSystem(content, doc)
  return taxationSystem === undefined ? content : { ...content, taxationSystem }
}

const numbersOf = ({ fnNumber, fdNumber, fiscalSign }: FiscalDoc): DocumentNumbers => ({
  fnNumber,
  fdNumber,
  fiscalSign,
})

/** A correction that was wrong itself was about the day of its own settlement. */
const dayOf = ({ correction }: ReceiptContent, doc: FiscalDoc): string => correction?.date ?? localDate(doc)
