/** Access with the tokens of a test, or open to all. */
import { TestClock } from '@kkt/platform/testing.ts'
import { type Access, createAccess } from '../access/access.ts'
import type { TokenKeeper } from '../access/token_keeper.ts'
import { carriedOver, lineFor, newToken, readTokens, type Tokens } from '../access/tokens.ts'

type Kept = Pick<TokenKeeper, 'tokens' | 'fault'>

const accessBy = (keeper: Kept | null, clock: TestClock): Access =>
  createAccess({ keeper, cookie: { kktId: 'KKT-001', isSecure: false }, monotonicMs: clock.monotonicMs })

export const openAccess = (clock = new TestClock()): Access => accessBy(null, clock)

/** Access by tokens that change as a test wants it. */
export function tokenAccess(clock = new TestClock()) {
  const made = new Map<string, { token: string; line: string }>()
  let tokens: Tokens = new Map()
  const read = () => {
    tokens = carriedOver(tokens, readTokens([...made.values()].map(({ line }) => line).join('\n'), 'API_TOKENS'))
  }
  const state = { fault: null as string | null }
  return {
    access: accessBy({ tokens: () => tokens, fault: () => state.fault }, clock),
    state,
    /** Makes a token with this line: `till-1 till POS-001`. */
    give(line: string, token = newToken()): string {
      made.set(line, { token, line: lineFor(token, line.split(' ')) })
      read()
      return token
    },
    /** Takes out the token that has this line. */
    take(line: string): void {
      made.delete(line)
      read()
    },
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
