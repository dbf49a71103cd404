/** Paths that lead out of the folder of the pages, in each spelling, on each route that takes a part of its path. */
import { type Attack, inParallel, isAnswer, message, send } from '../attack.ts'

const AT_ONCE = 16
const STARTS = [
  ...['/', '/_page/', '/receipts/', '/docs/', '/openapi.json/', '/metrics/', '/v1/kkt/receipt/', '/v1/kkt/buffer/dlq/'],
  ...['/_page', '//', '/./', '/v1/', '/_page/main.aaaaaaaa.js/'],
]
const UPS = [
  ...['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '%252e%252e%252f', '..%5c', '..\\', '..%255c', '....//', '..;/'],
  ...['%c0%ae%c0%ae/', '..%c0%af', '.%00./', '%2e%2e%00/', '..%u2215', '．．/', '/', '~/'],
]
const FILES = [
  'etc/passwd',
  'package.json',
  'data/buffer.db',
  'proc/self/environ',
  'etc/passwd%00.js',
  'etc/passwd\0.js',
]
const DEPTHS = [1, 8]

/** Each is in one of the files. */
const SECRETS = [/root:.*:0:0:/, /"kkt-stack"/, /SQLite format 3/, /BUFFER_DB_PATH=/]

/** The first secret that a text shows, or undefined. */
export const leakIn = (text: string): RegExp | undefined => SECRETS.find((secret) => secret.test(text))

const PATHS = STARTS.flatMap((start) =>
  UPS.flatMap((up) => DEPTHS.flatMap((depth) => FILES.map((file) => start + up.repeat(depth) + file))),
)

export const traversal: Attack = {
  name: 'path traversal',
  lane: 'strikes',
  async begin(siege) {
    const chosen = siege.size === 'long' ? PATHS : PATHS.filter(() => siege.draw(20) === 0)
    await inParallel(chosen, AT_ONCE, async (path) => {
      const reply = await send(siege, message({ path: Buffer.from(path).toString('latin1') }, siege.token))
      if (isAnswer(reply) && leakIn(reply.text)) siege.tally.fault(`${JSON.stringify(path)} showed a file`)
    })
  },
}
