/** An adapter that has tokens, with a client of each role. */

import { bearer, tokenAccess } from './access_kit.ts'
import { body, problemOf, startApp } from './app_kit.ts'
import { freshKey } from './kit.ts'

/** The id of no receipt. */
export const NOBODY = '00000000-0000-7000-8000-000000000000'

export function startGuarded() {
  let tokens = tokenAccess()
  const app = startApp({
    access(clock) {
      tokens = tokenAccess(clock)
      return tokens.access
    },
  })
  const till1 = tokens.give('till-1 till POS-001')
  const till2 = tokens.give('till-2 till POS-002,POS-003')
  const office = tokens.give('office operator')
  const prometheus = tokens.give('prometheus metrics')
  const as =
    (token: string) =>
    (method: string, path: string, init: RequestInit = {}) =>
      app.ask(method, path, { ...init, headers: { ...init.headers, ...bearer(token) } })
  const sell = async (token: string, posId: string, key: string = freshKey()) => {
    const headers = { 'idempotency-key': key }
    const answer = await as(token)('POST', '/v1/kkt/receipt', {
      headers,
      body: JSON.stringify(body({ pos_id: posId })),
    })
    return { ...answer, id: idIn(answer.json), key }
  }
  return { ...app, tokens, till1, till2, office, prometheus, as, sell }
}

const idIn = (json: unknown) =>
  typeof json === 'object' && json !== null && 'receipt_id' in json ? String(json.receipt_id) : ''
export const codeOf = (json: unknown) => problemOf(json).code
