/** Wrong tokens, on routes that sell, read and change. None may be let in. */
import { type Attack, inParallel, message, send } from '../attack.ts'
import { isTaken } from '../tally.ts'

const AT_ONCE = 8
const GUESSES = { short: 50, long: 2000 }
const ROUTES = [
  { method: 'GET', path: '/v1/kkt/receipts' },
  { method: 'GET', path: '/v1/kkt/buffer/status' },
  { method: 'POST', path: '/v1/kkt/buffer/sync' },
  { method: 'POST', path: '/v1/kkt/buffer/dlq/requeue', body: '{"dry_run":true}' },
]
const ODD = [
  ...['', 'Bearer', 'Bearer ', 'Bearer null', 'Bearer undefined', 'Bearer true', 'Bearer 0', 'Bearer []', 'Bearer *'],
  ...['Basic YWRtaW46YWRtaW4=', 'Bearer  two', 'Bearer a b', 'Bearer a,b', "Bearer ' OR '1'='1", 'Bearer \x80\xff'],
  ...[
    `Bearer ${'a'.repeat(10_000)}`,
    'bearer __proto__',
    'Bearer constructor',
    'Digest username="a"',
    'Bearer ../../etc',
  ],
]
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'

export const tokens: Attack = {
  name: 'wrong tokens',
  lane: 'strikes',
  async begin(siege) {
    const { draw, token } = siege
    const guess = () => Array.from({ length: 43 }, () => LETTERS[draw(LETTERS.length)]).join('')
    const near = [token.slice(1), token.slice(0, -1), `${token}a`, token.toUpperCase()]
    const guesses = Array.from({ length: GUESSES[siege.size] }, () => `Bearer ${guess()}`)
    const all = [...ODD, ...near.map((one) => `Bearer ${one}`), ...guesses].map((value, i) => ({ value, i }))
    await inParallel(all, AT_ONCE, async ({ value, i }) => {
      const route = ROUTES[i % ROUTES.length] ?? {}
      const reply = await send(siege, message({ ...route, fields: [`Authorization: ${value}`] }))
      if (isTaken(reply)) siege.tally.fault(`a wrong token was let in: ${value.slice(0, 20)}…`)
    })
  },
}
