import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import { checked } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { Elysia } from 'elysia'
import type { ReceiptLedger } from './ledger.ts'
import { anyRegisterDocument, documentId, numbersIn, registerDocumentOf } from './register_document.ts'
import { documentAbsent, documentFound, documentParams } from './schema.ts'
import { submissionOf } from './submission.ts'
import { lookupAnswers, MAX_RECEIPT_BYTES, numbersTold, refusableFindings, told } from './taking.ts'

/** The routes that the OFD offers to cash registers, which hand over their documents by themselves. */
export function registerProtocol(deps: { kit: FaultKit; ledger: ReceiptLedger; logger: Logger }) {
  const { kit, ledger, logger } = deps
  const answers = lookupAnswers(ledger)

  return new Elysia({ prefix: '/ofd/v1' })
    .post(
      '/document',
      async ({ request }) => {
        ledger.countCall()
        const visit = kit.begin(request, 'submit')
        const { text, value } = await visit.read(MAX_RECEIPT_BYTES, idIn, 'kkt_id')
        const document = checked('body', anyRegisterDocument, value)
        const register = numbersIn(document)
        const submission = submissionOf(document, text, register)
        const { receiptId } = submission
        visit.judged(submission.findings)
        const how = await visit.beforeEffect({
          isKnown: () => ledger.find(receiptId) !== undefined,
          findings: () => refusableFindings(submission, ledger, visit),
        })
        const { taken, isNew, findings } = ledger.take(submission, how)
        visit.judged(findings)
        visit.took(isNew)
        logger.debug('document_accepted', { document: receiptId, kind: register.kind, ofd_id: taken.ofdId })
        return await visit.answer(200, { ...told(taken), ...numbersTold(register, taken) })
      },
      { parse: 'none' },
    )
    .get(
      '/document/:fn_number/:fd_number',
      async ({ params: { fn_number, fd_number }, request, status }) => {
        const numbers = { fnNumber: fn_number, fdNumber: fd_number }
        const id = documentId(numbers)
        const visit = kit.begin(request, 'lookup')
        await visit.arrive(id, null)
        await visit.beforeEffect()
        const taken = ledger.find(id)
        const another = answers.another(id)
        if (taken) return await visit.answer(200, answers.ofDocument(numbers, taken), another)
        return status(404, await visit.answer(404, { status: 'not_found' as const, fn_number, fd_number }, another))
      },
      { params: documentParams, response: { 200: documentFound, 404: documentAbsent } },
    )
}

/** Names a call, however wrong its body is. */
function idIn(body: unknown): string | null {
  const register = registerDocumentOf(body)
  return register && documentId(register)
}
