/** SQL in each filter and each id. No answer may hold a row. */
import { z } from 'zod'
import { type Attack, inParallel, isAnswer, message, send } from '../attack.ts'
import type { Reply } from '../tally.ts'

const AT_ONCE = 8

const NO_ID = '00000000-0000-7000-8000-000000000000'
/** `?` is the place of the attack. */
const PLACES = [
  ...['status', 'pos_id', 'limit', 'cursor'].map((name) => `/v1/kkt/receipts?${name}=?`),
  ...['pos_id', 'reason', 'limit', 'cursor'].map((name) => `/v1/kkt/buffer/dlq?${name}=?`),
  ...['receipt_id', 'kind', 'limit', 'cursor'].map((name) => `/v1/kkt/buffer/events?${name}=?`),
  ...['events', 'last_event_id'].map((name) => `/v1/kkt/stream?${name}=?`),
  ...['format', 'width'].map((name) => `/v1/kkt/receipt/${NO_ID}/slip?${name}=?`),
  ...['wait', 'timeout'].map((name) => `/v1/kkt/receipt/${NO_ID}?${name}=?`),
  ...['', '/slip', '/qr.svg'].map((rest) => `/v1/kkt/receipt/?${rest}`),
]
const POSTS = ['/v1/kkt/buffer/dlq/?/requeue', '/v1/kkt/buffer/dlq/?/close', '/v1/kkt/buffer/dlq/requeue']

const SQL = [
  ...["'", '"', "''", '`', ';', '--', "' --", '%', '_', '*', '\\', "\\'", '?1', ':pos_id', '$1', '@a', '\0', "'\0"],
  ...["' OR '1'='1", '" OR ""="', "' OR 1=1 --", "') OR ('1'='1", '1 OR 1=1', "1' OR '1'='1' /*", "' || '", "'+'"],
  ...[
    "'; DROP TABLE sales; --",
    '1; DROP TABLE totals',
    "'; DELETE FROM states; --",
    "'; UPDATE totals SET synced=0; --",
  ],
  ...[
    "' UNION SELECT sql FROM sqlite_master --",
    '1 UNION SELECT 1,2,3',
    "' AND randomblob(999999999) --",
    "' COLLATE x",
  ],
  ...["'; ATTACH DATABASE '/tmp/siege.db' AS x; --", "'; PRAGMA writable_schema=1; --", "' AND load_extension('x') --"],
  ...[
    "' AND (SELECT count(*) FROM sales) > 0 --",
    '1e999',
    '-1',
    '0x7fffffff',
    '9223372036854775808',
    'NaN',
    '[object]',
  ],
]
const NOTHING = z.union([
  z.object({ receipts: z.array(z.unknown()).length(0) }),
  z.object({ items: z.array(z.unknown()).length(0) }),
  z.object({ events: z.array(z.unknown()).length(0) }),
  z.object({ requeued: z.literal(0) }),
])

/** Whether an answer to SQL tells or does nothing: a refusal, or a list without a row. */
export function isHarmless(reply: Reply): boolean {
  if (!isAnswer(reply) || reply.status >= 400) return true
  try {
    return NOTHING.safeParse(JSON.parse(reply.text)).success
  } catch {
    return false
  }
}

export const sql: Attack = {
  name: 'SQL',
  lane: 'strikes',
  async begin(siege) {
    const chosen = siege.size === 'long' ? SQL : SQL.filter(() => siege.draw(4) === 0)
    const asks = PLACES.flatMap((place) => chosen.map((text) => ({ path: place.replace(/\?(?=$|\/)/, escaped(text)) })))
    const changes = POSTS.flatMap((place) =>
      chosen.flatMap((text) =>
        [{ pos_id: text }, { reason: text, dry_run: false }, { receipt_id: text }].map((body) => ({
          method: 'POST',
          path: place.replace('?', escaped(text)),
          body: JSON.stringify(body),
        })),
      ),
    )
    await inParallel([...asks, ...changes], AT_ONCE, async (one) => {
      if (isHarmless(await send(siege, message(one, siege.token)))) return
      siege.tally.fault(`${'method' in one ? 'POST' : 'GET'} ${one.path} was answered with rows`)
    })
  },
}

/** With each reserved character escaped, so that the text arrives as it is. */
const escaped = (text: string) => encodeURIComponent(text).replaceAll("'", '%27').replaceAll('*', '%2A')
