/** An OFD whose answers are hostile text. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const sent = z.object({ receipt_id: z.string(), pos_id: z.string() })

/** The till whose receipts it refuses. It takes all others. */
export const REFUSED_TILL = 'refused'

/** @param words is in each answer */
export async function openHostileOfd(words: string) {
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const about = request.method === 'POST' ? sent.parse(JSON.parse(body)) : null
    const isRefused = about?.pos_id === REFUSED_TILL
    response.statusCode = about === null ? 404 : isRefused ? 422 : 200
    response.setHeader('content-type', 'application/json')
    const taken = {
      status: 'accepted',
      ofd_id: `${words}${about?.receipt_id}`,
      timestamp: 1,
      receipt_id: about?.receipt_id,
    }
    response.end(JSON.stringify(about === null || isRefused ? { status: 'not_found', error: words } : taken))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}
