import { peerOf } from '@kkt/platform/serve.ts'
import type { Caller } from './caller.ts'
import { type CookieOptions, createCookie } from './cookie.ts'
import { isOpen, mayUse, routeOf } from './rights.ts'
import type { TokenKeeper } from './token_keeper.ts'
import { type Holder, holderOf } from './tokens.ts'
import { createWrongTries } from './wrong_tries.ts'

/**
 * Whether a client is let in.
 * - `missing`: the route needs a token, and none came;
 * - `wrong`: nobody has the token that came; `waitMs`: how long the address should wait, after too many of them;
 * - `not_allowed`: the route is for other roles.
 */
export type Admission =
  | { kind: 'admitted' }
  | { kind: 'missing' }
  | { kind: 'wrong'; waitMs: number | null }
  | { kind: 'not_allowed'; role: Holder['role'] }

/** `not_needed`: there are no tokens, and all is open. */
export type Tried = { kind: 'holder'; holder: Holder } | { kind: 'not_needed' } | Extract<Admission, { kind: 'wrong' }>

export type Access = {
  readonly mode: 'open' | 'tokens'
  /** Decides on a request, before anything else is done with it. */
  admit(request: Request): Admission
  /** The client of an admitted request; null without a token where none is needed. */
  callerOf(request: Request): Caller | null
  /** The client's end of the connection, without the port. A header's word may be anybody's. */
  addressOf(request: Request): string | null
  /** Whether no token has this name. */
  isFormer(name: string): boolean
  /** Looks for the holder of a token that came in a body. */
  tryToken(request: Request, token: string): Tried
  /** The header that has a browser keep this token, or forget its own. */
  cookieWith(token: string | null): string
  /** `fault`: why the file is not taken, or null. */
  state(): { tokens: number; fault: string | null }
}

type AccessDeps = {
  /** Null where there are no tokens. */
  keeper: Pick<TokenKeeper, 'tokens' | 'fault'> | null
  cookie: CookieOptions
  monotonicMs: () => number
}

/** Says who may do what, by the tokens that there are now. */
export function createAccess({ keeper, cookie: cookieOptions, monotonicMs }: AccessDeps): Access {
  const cookie = createCookie(cookieOptions)
  if (keeper === null) {
    return {
      mode: 'open',
      admit: () => ({ kind: 'admitted' }),
      callerOf: (request) => ({ kind: 'anyone', address: addressOf(request) }),
      addressOf,
      isFormer: () => true,
      tryToken: () => ({ kind: 'not_needed' }),
      cookieWith: cookie.with,
      state: () => ({ tokens: 0, fault: null }),
    }
  }
  const wrongTries = createWrongTries({ monotonicMs })
  const callers = new WeakMap<Request, Caller>()

  /** A browser sends a proxy's own scheme along with its cookie. */
  function tokenIn(headers: Headers): string | null {
    const bearer = bearerIn(headers)
    return bearer === null || bearer === '' ? (cookie.read(headers.get('cookie')) ?? bearer) : bearer
  }

  const wrong = (request: Request) => ({
    kind: 'wrong' as const,
    waitMs: wrongTries.note(addressOf(request) ?? ''),
  })

  return {
    mode: 'tokens',
    admit(request) {
      const { method } = request
      const path = pathOf(request.url)
      const asked = routeOf(method, path)
      const isForAll = isOpen(asked)
      // Only health tells more to a client with a token.
      if (isForAll && path !== '/v1/health') return { kind: 'admitted' }
      const token = tokenIn(request.headers)
      if (token === null) return isForAll ? { kind: 'admitted' } : { kind: 'missing' }
      const holder = holderOf(keeper.tokens(), token)
      if (holder === null) return wrong(request)
      if (!isForAll && !mayUse(holder.role, asked)) return { kind: 'not_allowed', role: holder.role }
      callers.set(request, { kind: 'holder', holder, address: addressOf(request) })
      return { kind: 'admitted' }
    },
    callerOf: (request) => callers.get(request) ?? null,
    addressOf,
    isFormer: (name) =>
      !keeper
        .tokens()
        .values()
        .some((holder) => holder.name === name),
    cookieWith: cookie.with,
    tryToken(request, token) {
      const holder = holderOf(keeper.tokens(), token)
      return holder === null ? wrong(request) : { kind: 'holder', holder }
    },
    state: () => ({ tokens: keeper.tokens().size, fault: keeper.fault() }),
  }
}

/** As Elysia finds a route: all between the host and the query, as it came. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  const query = url.indexOf('?', start)
  return start === -1 ? '/' : url.slice(start, query === -1 ? undefined : query)
}

/** Null without the header. Another scheme is no token of anybody. */
function bearerIn(headers: Headers): string | null {
  const authorization = headers.get('authorization')
  return authorization === null ? null : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
}

function addressOf(request: Request): string | null {
  const peer = peerOf(request)
  return peer === null ? null : peer.slice(0, peer.lastIndexOf(':'))
}
