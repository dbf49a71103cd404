/** The least that is served over HTTP: nothing is read or checked. It shows what the listener takes. */
import { FISCAL_DOC } from '../documents.ts'
import { listenAlone } from './listen_alone.ts'

const ANSWER = JSON.stringify({ status: 'printed', fiscal_doc: FISCAL_DOC })
const HEADERS = { 'content-type': 'application/json' }

await listenAlone({ fetch: () => new Response(ANSWER, { headers: HEADERS }) })
