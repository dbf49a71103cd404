/** Provokes each outcome of settling a receipt that is left to an operator. */
import { FISCAL_DOCUMENT } from '@kkt/adapter/src/http/docs/examples.ts'
import { accepted } from '@kkt/adapter/src/testing/kit.ts'
import { kktState } from '@kkt/adapter/src/testing/test_kkt.ts'
import { api, ask, NOBODY, ready, SELL, SETTLE_RECEIPT, sellOriginal, start } from './adapter_app.ts'
import { examplesOf } from './contract.ts'
import type { Provoke } from './provoked.ts'

type App = Awaited<ReturnType<typeof ready>>

const { fn_number: fnNumber, fiscal_doc_number: fdNumber } = FISCAL_DOCUMENT

/** Says that the FN made the example's document. */
function claim({ send, parameters }: App): Promise<Response> {
  const [, printed] = examplesOf(api, SETTLE_RECEIPT)
  const path = `/v1/kkt/receipt/${parameters['receipt_id']}/settle`
  return send('POST', path, printed?.body === undefined ? {} : { body: printed.body })
}

/** @param lastFd the last document of the receipt's FN, which is in the KKT */
async function readyWith(lastFd: number): Promise<App> {
  const app = await ready(SETTLE_RECEIPT)
  app.kkt.state = async () => ({ ...kktState(), fnNumber, lastFdNumber: lastFd })
  return app
}

export const settling: Record<string, Provoke> = {
  receipt_not_found: async () => ask(start(), SETTLE_RECEIPT, NOBODY),
  not_untold: async () => {
    const app = await ready(SELL)
    return ask(app, SETTLE_RECEIPT, app.parameters['receipt_id'] ?? '')
  },
  document_taken: async () => {
    const app = await ready(SETTLE_RECEIPT)
    await sellOriginal(app)
    return claim(app)
  },
  document_not_made: async () => claim(await readyWith(fdNumber - 1)),
  document_open: async () => {
    const app = await readyWith(fdNumber)
    const { id } = await accepted(app.journal)
    await app.journal.write((tx) => tx.markPrinting(id))
    return claim(app)
  },
  kkt_silent: async () => {
    const app = await ready(SETTLE_RECEIPT)
    app.kkt.state = async () => null
    // Its FN is put back, and holds several documents that may be it.
    const [untold] = app.journal.queries.list({ status: 'unknown', posId: null, isUntold: true }, null, 1).items
    await app.journal.write((tx) => {
      tx.meetFn(fnNumber, 1, false)
      if (untold) tx.recordUntold(untold.id, fnNumber, 'FD 11 or FD 12')
    })
    return claim(app)
  },
}
