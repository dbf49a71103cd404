import { afterEach, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createStore } from '../kit/store.ts'
import { isLoggedIn, watchLogin } from './logged_in.ts'
import { NOTHING_KNOWN } from './state.ts'

const ownFetch = globalThis.fetch
afterEach(() => {
  globalThis.fetch = ownFetch
})

/** The adapter answers the page with this; null: it is not reached. */
function adapterAnswers(status: number | null, answer: object = {}): void {
  const answering = async () => {
    if (status === null) throw new TypeError('not reached')
    return Response.json(answer, { status })
  }
  globalThis.fetch = Object.assign(answering, { preconnect: ownFetch.preconnect })
}

test.each([
  ['an operator', 200, { role: 'operator' }, true],
  ['an adapter without tokens', 200, { role: null }, true],
  ['a till', 200, { role: 'till' }, false],
  ['nobody', 401, { code: 'token_missing' }, false],
  ['a token that was taken out', 401, { code: 'token_unknown' }, false],
  ['a network of many wrong tokens', 429, { code: 'too_many_wrong_tokens' }, false],
  ['an adapter that fails', 503, { code: 'journal_unavailable' }, true],
  ['an adapter that is not reached', null, {}, true],
])('%s', async (_who, status, answer, isIn) => {
  adapterAnswers(status, answer)
  expect(await isLoggedIn()).toBe(isIn)
})

test('a page is left once its stream is lost and its token is no longer taken', async () => {
  const clock = new TestClock()
  const store = createStore(NOTHING_KNOWN, { clock, everyMs: 0 })
  const asked: boolean[] = []
  let isIn = true
  let left = 0
  watchLogin(
    store,
    () => {
      left += 1
    },
    async () => {
      asked.push(isIn)
      return isIn
    },
  )
  store.change((live) => ({ ...live, connection: 'live' }))
  await clock.advance(1)
  expect(asked).toEqual([])
  store.change((live) => ({ ...live, connection: 'lost' }))
  await clock.advance(1)
  expect([asked, left]).toEqual([[true], 0])
  isIn = false
  store.change((live) => ({ ...live, connection: 'lost' }))
  await clock.advance(1)
  await settle()
  expect([asked, left]).toEqual([[true, false], 1])
})
