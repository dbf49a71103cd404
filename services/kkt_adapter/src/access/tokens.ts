import { hash, randomBytes } from 'node:crypto'

/** A token is this and 256 random bits in base64url, so that a search for leaked secrets knows one at sight. */
const PREFIX = 'kkt_'
const RANDOM_BYTES = 32
const NAME = /^[A-Za-z0-9._-]{1,64}$/
/** A token that was written as a name would be in the log. */
const IS_TOKEN = new RegExp(`^${PREFIX}`)
const DIGEST = /^sha256:([0-9a-f]{64})$/
/** A shop has a few tokens. */
const MOST_TOKENS = 1000
/** A list of receipts reads each till's by itself. */
const MOST_TILLS = 32
/** A longer text is no token, and is not hashed. */
const MOST_TOKEN_CHARACTERS = 256

export const ROLES = ['till', 'operator', 'metrics'] as const
export type Role = (typeof ROLES)[number]

/** The one that a token belongs to. `posIds`: the tills that a `till` may sell for. */
type Rights = { name: string; role: 'till'; posIds: readonly string[] } | { name: string; role: 'operator' | 'metrics' }
/** `ended` is aborted once the token is taken out, or has other rights. */
export type Holder = Rights & { ended: AbortSignal }

/** The holders by the digests of their tokens. */
export type Tokens = ReadonlyMap<string, Holder>

/** The message is for the operator. It names the line and never shows it, because a secret may be in it. */
export class BadTokens extends Error {
  override readonly name = 'BadTokens'
}

export const newToken = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')

export const digestOf = (token: string): string => hash('sha256', token)

/**
 * The holder of a presented token. The time of a look-up by digest tells something of the digest only, from which nobody
 * finds a random token of 256 bits: no slow hash and no comparison in constant time is needed.
 */
export const holderOf = (tokens: Tokens, token: string): Holder | null =>
  token.length > MOST_TOKEN_CHARACTERS ? null : (tokens.get(digestOf(token)) ?? null)

/** A line of the file, as `readTokens` reads it. @throws BadTokens */
export function lineFor(token: string, words: readonly string[]): string {
  const line = [...words, `sha256:${digestOf(token)}`].join(' ')
  const rights = rightsIn(line)
  if (typeof rights === 'string') throw new BadTokens(rights)
  return line
}

type Entry = { rights: Rights; digest: string }
const ends = new WeakMap<Holder, AbortController>()

/**
 * Reads a line a token: `till-1 till POS-001,POS-002 sha256:…` or `office operator sha256:…`. Empty lines, and those that
 * begin with #, are left out. A name may have several tokens, so that one can be replaced while it is in use.
 * @param source the setting that the text comes from
 * @throws BadTokens
 */
export function readTokens(text: string, source: string): Tokens {
  const tokens = new Map<string, Holder>()
  const byName = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const bad = (takes: string) => new BadTokens(`${source}, line ${index + 1} (not shown): it ${takes}.`)
    const entry = entryIn(line)
    if (typeof entry === 'string') throw bad(entry)
    const { rights, digest } = entry
    if (tokens.has(digest)) throw bad('takes a token that no line above has')
    const known = byName.get(rights.name)
    const said = inWords(rights)
    if (known !== undefined && known !== said) {
      throw bad('takes the role and the pos_ids that the line above with the same name has')
    }
    byName.set(rights.name, said)
    tokens.set(digest, holderWith(rights))
    if (tokens.size > MOST_TOKENS) throw bad(`takes ${MOST_TOKENS} tokens in all`)
  }
  if (tokens.size === 0) {
    throw new BadTokens(`${source} holds no token: it takes a line for each, which make_token.ts prints.`)
  }
  return tokens
}

/** Keeps the holders that are as they were, and ends those that are not. */
export function carriedOver(former: Tokens, found: Tokens): Tokens {
  const carried = new Map<string, Holder>()
  for (const [digest, holder] of found) {
    const before = former.get(digest)
    carried.set(digest, before !== undefined && inWords(before) === inWords(holder) ? before : holder)
  }
  for (const [digest, holder] of former) if (carried.get(digest) !== holder) ends.get(holder)?.abort()
  return carried
}

const inWords = (rights: Rights): string =>
  [rights.name, rights.role, rights.role === 'till' ? rights.posIds.join() : ''].join(' ')

function holderWith(rights: Rights): Holder {
  const end = new AbortController()
  const holder: Holder = { ...rights, ended: end.signal }
  ends.set(holder, end)
  return holder
}

/** The words for what a line takes, where it is wrong. */
function entryIn(line: string): Entry | string {
  const rights = rightsIn(line)
  const digest = DIGEST.exec(line.trim().split(/\s+/).at(-1) ?? '')?.[1]
  if (typeof rights === 'string') return rights
  return digest === undefined ? TAKES_LINE : { rights, digest }
}

const TAKES_LINE =
  'takes a name, a role, the pos_ids of a till with commas between them, and sha256: with 64 hexadecimal digits, as make_token.ts prints it'
const TAKES_NAME = 'takes a name of 1 to 64 letters, digits, dots, dashes or underscores, and no token'
const TAKES_TILLS = `takes 1 to ${MOST_TILLS} pos_ids behind the role till, with commas and no spaces between them`

function rightsIn(line: string): Rights | string {
  const words = line.trim().split(/\s+/)
  const [name = '', role, tills = ''] = words
  if (!NAME.test(name) || IS_TOKEN.test(name)) return TAKES_NAME
  if (role !== 'till' && role !== 'operator' && role !== 'metrics') return `takes a role: ${ROLES.join(', ')}`
  if (role !== 'till') return words.length === 3 ? { name, role } : TAKES_LINE
  const posIds = [...new Set(tills.split(','))]
  if (posIds.length > MOST_TILLS || !posIds.every((posId) => NAME.test(posId))) return TAKES_TILLS
  return words.length === 4 ? { name, role, posIds } : TAKES_LINE
}
