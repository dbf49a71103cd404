import { expect, test } from 'bun:test'
import { outdatedByOthers, type Post } from './watched_ofd.ts'

const post = (by: string, token: number, status: number): Post => ({ by, token, status, receiptId: 'r', atMs: 0 })

test.each<[what: string, found: number, posts: Post[]]>([
  ['a host sends on under a token that the next sender has made outdated', 1, [post('b', 2, 200), post('a', 1, 412)]],
  ['and also where it had a greater one in between', 1, [post('b', 2, 200), post('a', 3, 200), post('a', 1, 412)]],
  ['but not where only its own token is newer', 0, [post('b', 1, 200), post('a', 3, 200), post('a', 2, 412)]],
  ['and not where it is taken', 0, [post('b', 2, 200), post('a', 3, 200)]],
])('it is found that %s', (_what, found, posts) => {
  expect(outdatedByOthers(posts)).toHaveLength(found)
})
