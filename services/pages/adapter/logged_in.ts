import { ask, Refused } from '../kit/ask.ts'
import type { Store } from '../kit/store.ts'
import type { Live } from './state.ts'
import type { Whose } from './wire.ts'

const LOGIN = '/v1/kkt/login'

/** Whether the adapter takes the page's token. One that is not reached has refused nothing. @throws what is no refusal */
export async function isLoggedIn(): Promise<boolean> {
  try {
    const { role } = await ask<Whose>(LOGIN)
    return role === null || role === 'operator'
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return !['token_missing', 'token_unknown', 'too_many_wrong_tokens'].includes(error.code)
  }
}

/** @throws Refused */
export const logIn = (token: string): Promise<Whose> => ask<Whose>(LOGIN, { method: 'POST', body: { token } })

/** @throws Refused */
export const logOut = (): Promise<unknown> => ask('/v1/kkt/logout', { method: 'POST' })

/** Calls `leave` when the stream is lost because the adapter no longer takes the page's token. */
export function watchLogin(store: Store<Live>, leave: () => void, isIn: () => Promise<boolean> = isLoggedIn): void {
  let isAsking = false
  store.subscribe(() => {
    if (store.state.connection !== 'lost' || isAsking) return
    isAsking = true
    void isIn().then((isStillIn) => {
      isAsking = false
      if (!isStillIn) leave()
    })
  })
}
