/** The service of a register that makes each document at once, on a port. */
import { atolServer } from '@kkt/adapter/src/testing/atol_server.ts'
import { listenAlone } from './listen_alone.ts'

const { send } = atolServer()

await listenAlone({
  // The test's service looks at what only a client's request has.
  async fetch(request) {
    const text = await request.text()
    const { url, method, headers } = request
    return await send(new Request(url, { method, headers, ...(text !== '' && { body: text }) }))
  },
})
