import { describe, expect, test } from 'bun:test'
import { BadTokens, carriedOver, digestOf, holderOf, lineFor, newToken, readTokens } from './tokens.ts'

const SOURCE = 'The file of API_TOKENS_FILE'
const [ONE, TWO, THREE] = [newToken(), newToken(), newToken()]
const line = (token: string, words: string) => lineFor(token, words.split(' '))
const read = (...lines: string[]) => readTokens(lines.join('\n'), SOURCE)
const refusal = (...lines: string[]) => {
  try {
    read(...lines)
    return 'it is taken'
  } catch (error) {
    return error instanceof BadTokens ? error.message : String(error)
  }
}

test('a token is long, random, and told by its beginning', () => {
  expect(ONE).toMatch(/^kkt_[A-Za-z0-9_-]{43}$/)
  expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100)
})

test('the file has a line a token, and no token', () => {
  const lines = [
    '# the shop',
    '',
    line(ONE, 'till-1 till POS-1,POS-2,POS-1'),
    `  ${line(TWO, 'office operator')} `,
    line(THREE, 'prometheus metrics'),
  ]
  const tokens = readTokens(lines.join('\r\n'), SOURCE)
  const rightsOf = (token: string) => {
    const { ended, ...rights } = holderOf(tokens, token) ?? { ended: null }
    return rights
  }
  expect<unknown>(rightsOf(ONE)).toEqual({ name: 'till-1', role: 'till', posIds: ['POS-1', 'POS-2'] })
  expect<unknown>(rightsOf(TWO)).toEqual({ name: 'office', role: 'operator' })
  expect<unknown>(rightsOf(THREE)).toEqual({ name: 'prometheus', role: 'metrics' })
  for (const token of [ONE, TWO, THREE]) expect(lines.join()).not.toContain(token.slice(4))
})

test('nothing but a whole token has a holder', () => {
  const tokens = read(line(ONE, 'office operator'))
  const digest = digestOf(ONE)
  for (const wrong of ['', ONE.slice(1), `${ONE} `, ONE.toUpperCase(), digest, `sha256:${digest}`, 'x'.repeat(1e6)])
    expect(holderOf(tokens, wrong)).toBeNull()
})

test('a name may have two tokens with the same rights, so that one replaces the other', () => {
  const tokens = read(line(ONE, 'till-1 till POS-1'), line(TWO, 'till-1 till POS-1'))
  expect([ONE, TWO].map((token) => holderOf(tokens, token)?.name)).toEqual(['till-1', 'till-1'])
})

describe('a bad line is named by its number and not shown', () => {
  const good = line(ONE, 'till-1 till POS-1')
  test.each([
    ['a token itself', TWO, 'a name of 1 to 64'],
    ['a token in place of a name', line(TWO, 'x operator').replace('x', TWO), 'and no token'],
    ['a name with a colon', line(TWO, 'till-2 operator').replace('till-2', 'a:b'), 'a name of 1 to 64'],
    ['no role', line(TWO, 'till-2 operator').replace('operator ', ''), 'a role: till, operator, metrics'],
    ['a till without pos_ids', line(TWO, 'till-2 till POS-2').replace('POS-2 ', ''), '1 to 32 pos_ids'],
    ['pos_ids with a space', line(TWO, 'till-2 till POS-2').replace('POS-2', 'POS-2 POS-3'), 'as make_token.ts prints'],
    ['too many pos_ids', line(TWO, 'x till POS-2').replace('POS-2', Array(33).keys().toArray().join()), '1 to 32'],
    ['an operator with pos_ids', line(TWO, 'x operator').replace('operator', 'operator POS-1'), 'as make_token.ts'],
    ['a token in place of its hash', `till-2 till POS-2 ${TWO}`, 'sha256: with 64 hexadecimal digits'],
    ['half a hash', line(TWO, 'x operator').slice(0, -1), 'sha256: with 64 hexadecimal digits'],
    ['a token of another line', line(ONE, 'till-2 operator'), 'a token that no line above has'],
    ['a name with other rights', line(TWO, 'till-1 till POS-2'), 'the role and the pos_ids that the line above'],
  ])('%s', (_what, bad, takes) => {
    const said = refusal('# tokens', good, bad)
    expect(said).toStartWith('The file of API_TOKENS_FILE, line 3 (not shown): it takes ')
    expect(said).toContain(takes)
    for (const part of [TWO, digestOf(TWO)]) expect(said).not.toContain(part.slice(4, 20))
  })

  test('and so is a file without any', () => {
    expect(refusal('', '# none yet')).toBe(
      'The file of API_TOKENS_FILE holds no token: it takes a line for each, which make_token.ts prints.',
    )
  })
})

test('holders that are as they were go on, and the others are ended', () => {
  const before = read(line(ONE, 'till-1 till POS-1'), line(TWO, 'till-2 till POS-2'), line(THREE, 'office operator'))
  const now = carriedOver(before, read(line(ONE, 'till-1 till POS-1'), line(TWO, 'till-2 till POS-2,POS-3')))
  const ended = [ONE, TWO, THREE].map((token) => holderOf(before, token)?.ended.aborted)
  expect(ended).toEqual([false, true, true])
  expect(holderOf(now, ONE)).toBe(holderOf(before, ONE))
  expect(holderOf(now, TWO)).toMatchObject({ posIds: ['POS-2', 'POS-3'] })
  expect([holderOf(now, TWO)?.ended.aborted, holderOf(now, THREE)]).toEqual([false, null])
})
