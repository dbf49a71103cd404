/**
 * Pages of an adapter as browsers hold them open: each follows the stream, and reads its two lists again at each change of
 * the status. `GET /?url=http://…&pages=5` opens so many and closes those that were open.
 */
import { STREAM } from '@kkt/pages/adapter/wire.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { listenAlone } from './listen_alone.ts'

/** As long as a page leaves between two reads. */
const READ_EVERY_MS = 1000
const LISTS = ['/v1/kkt/receipts?limit=10', '/v1/kkt/buffer/events?limit=10']

let open = new AbortController()

async function holdOpen(url: string, { signal }: AbortController): Promise<void> {
  const { body } = await fetch(url + STREAM, { signal })
  const decoder = new TextDecoder()
  let readAtMs = 0
  for await (const bytes of body ?? []) {
    const isChange = decoder.decode(bytes, { stream: true }).includes('event: status')
    if (!isChange || systemClock.monotonicMs() - readAtMs < READ_EVERY_MS) continue
    readAtMs = systemClock.monotonicMs()
    await Promise.all(LISTS.map(async (path) => (await fetch(url + path, { signal })).arrayBuffer()))
  }
}

await listenAlone({
  async fetch(request) {
    const asked = new URL(request.url).searchParams
    open.abort()
    open = new AbortController()
    const pages = open
    for (let i = 0; i < Number(asked.get('pages')); i += 1) {
      holdOpen(asked.get('url') ?? '', pages).catch((error: unknown) => {
        if (!pages.signal.aborted) throw error
      })
    }
    return new Response('')
  },
})
