/** An OFD without deduplication and with a door for each adapter, so that a test sees which adapter sends what. */
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { type Listening, serve } from '@kkt/platform/serve.ts'
import { z } from 'zod'
import { ofdClient } from '../harness/clients.ts'

const RECEIPTS = '/ofd/v1/receipt'
const sent = z.object({ receipt_id: z.string() })

/** A submission as it came. `status` is null until it is answered. */
export type Post = { by: string; token: number; receiptId: string; atMs: number; status: number | null }

/** The senders of accepted receipts, in order, each named once for a series of receipts. */
export const takenTurns = (posts: readonly Post[]): string[] =>
  posts
    .filter(({ status }) => status === 200)
    .map(({ by }) => by)
    .filter((by, i, all) => by !== all[i - 1])

const OUTDATED = 412

/**
 * The submissions that came under a token that another adapter had made outdated. One that stands still for longer than its lease
 * may get a greater token itself, and what it had under way before is refused, too.
 */
export const outdatedByOthers = (posts: readonly Post[]): Post[] =>
  posts.filter(
    ({ by, token, status }, i) =>
      status === OUTDATED && posts.slice(0, i).some((earlier) => earlier.by !== by && earlier.token > token),
  )

export async function watchedOfd() {
  const { app } = createMockOfd({ clock: systemClock, logger: createLogger('mock_ofd', 'error', () => undefined) })
  const posts: Post[] = []
  const shut = new Map<string, PromiseWithResolvers<void>>()
  const doors: Listening[] = []

  async function take(by: string, request: Request): Promise<Response> {
    const body = await request.text()
    const { receipt_id: receiptId } = sent.parse(JSON.parse(body))
    const token = Number(request.headers.get('fencing-token'))
    const post: Post = { by, token, receiptId, atMs: performance.now(), status: null }
    posts.push(post)
    await shut.get(by)?.promise
    // The sender may be gone by now. A request under way still arrives.
    const { url, headers } = request
    const response = await app.handle(new Request(url, { method: 'POST', headers: new Headers(headers), body }))
    post.status = response.status
    return response
  }

  /** @returns the OFD's address for only this adapter */
  async function doorFor(by: string): Promise<string> {
    const handle = (request: Request) =>
      request.method === 'POST' && new URL(request.url).pathname === RECEIPTS ? take(by, request) : app.handle(request)
    const door = await serve(handle, { hostname: '127.0.0.1', port: 0 })
    doors.push(door)
    return `http://127.0.0.1:${door.port}`
  }

  const client = ofdClient(await doorFor('the tests'))
  await client.configure({ deduplicate: false })
  return {
    client,
    /** All submissions in order of arrival, refused or not. */
    posts: posts as readonly Post[],
    postsBy: (by: string) => posts.filter((post) => post.by === by),
    doorFor,
    /** Holds this adapter's submissions back until the door is opened again. */
    shutDoor: (by: string) => void shut.set(by, Promise.withResolvers<void>()),
    openDoor(by: string) {
      shut.get(by)?.resolve()
      shut.delete(by)
    },
    close: () => Promise.all(doors.map((door) => door.stop('now'))),
  }
}

export type WatchedOfd = Awaited<ReturnType<typeof watchedOfd>>
