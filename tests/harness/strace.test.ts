import { describe, expect, test } from 'bun:test'
import { answeredAt, commitsOf, parseTrace } from './strace.ts'

const WAL = '/data/buffer.db-wal'
const { POSITIVE_INFINITY: NEVER } = Number

/** Lines as strace writes them. `put` writes a transaction of two pages. */
const frame = (size: string, text: string) => [
  `7 pwrite64(8<${WAL}>, "\\0\\0\\0\\7\\0\\0\\0${size}-\\227\\36W\\6wUE\\313\\247\\344R\\1\\207\\272\\312", 24, 8272) = 24`,
  `7 pwrite64(8<${WAL}>, "\\n\\0${text}\\0\\0", 4096, 8296) = 4096`,
]
const put = (text: string) => [...frame('\\0', text), ...frame('\\23', 'index')]
const SYNC = `7 fsync(8<${WAL}>) = 0`
const answer = (text: string, socket = 15) =>
  `7 sendto(15<socket:[${socket}]>, "HTTP/1.1 200 OK\\r\\n\\r\\n{\\"receipt_id\\":\\"${text}\\"}", 99, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) = 99`

const parse = (...lines: string[]) => parseTrace(lines.join('\n'))
const onDiskAt = (...lines: string[]) => commitsOf(parse(...lines), WAL).map((commit) => commit.onDiskAt)

test('a call has a name, a file, arguments, a result and its lines', () => {
  expect(parse('--- SIGTERM {si_signo=SIGTERM} ---', '7 write(4</a file>, "a = \\"1\\") = 2", 12) = 12', '')).toEqual([
    { name: 'write', path: '/a file', args: '"a = "1") = 2", 12', result: 12, beganAt: 2, endedAt: 2 },
  ])
  expect(parse(`7 fsync(8<${WAL}>) = -1 EIO (Input/output error) (INJECTED)`)).toMatchObject([{ result: -1 }])
})

test('a call that others interrupt keeps its first and its last line', () => {
  const calls = parse(
    `7 fsync(8<${WAL}> <unfinished ...>`,
    '9 write(4</log>, "a", 1 <unfinished ...>',
    '9 <... write resumed>) = 1',
    '7 <... fsync resumed>) = 0',
    `7 fsync(8<${WAL}> <unfinished ...>`,
  )
  expect(calls).toMatchObject([
    { name: 'fsync', path: WAL, result: 0, beganAt: 1, endedAt: 4 },
    { name: 'write', args: '"a", 1', result: 1, beganAt: 2, endedAt: 3 },
    { name: 'fsync', result: null, beganAt: 5, endedAt: NEVER },
  ])
})

describe('a commit', () => {
  test('holds all pages up to the last of its transaction', () => {
    const commits = commitsOf(parse(...put('one'), SYNC, ...frame('\\0', 'two'), ...put('three'), SYNC), WAL)
    expect(commits.map(({ text }) => text.match(/one|two|three/g))).toEqual([['one'], ['two', 'three']])
  })

  test.each<[string, number, string[]]>([
    ['when a sync after its last page has succeeded', 5, [SYNC]],
    ['not when the sync fails', NEVER, [`7 fsync(8<${WAL}>) = -1 EIO (Input/output error)`]],
    ['not when the sync never ends', NEVER, [`7 fsync(8<${WAL}> <unfinished ...>`]],
    ['not by the sync of another file', NEVER, ['7 fsync(9</data/kkt.db-wal>) = 0']],
    [
      'only when that sync has ended',
      7,
      [`7 fsync(8<${WAL}> <unfinished ...>`, '9 write(4</log>, "a", 1) = 1', '7 <... fsync resumed>) = 0'],
    ],
  ])('is on the disk %s', (_when, line, then) => {
    expect(onDiskAt(...put('one'), ...then)).toEqual([line])
  })

  test('is not on the disk by a sync that began before its last page was written', () => {
    const [first = '', second = '', third = '', fourth = ''] = put('one')
    const began = `9 fsync(8<${WAL}> <unfinished ...>`
    expect(onDiskAt(first, second, third, began, fourth, '9 <... fsync resumed>) = 0')).toEqual([NEVER])
  })

  test('is not on the disk by a sync of only its first pages', () => {
    expect(onDiskAt(...frame('\\0', 'one'), SYNC, ...frame('\\23', 'index'))).toEqual([NEVER])
  })
})

describe('an answer', () => {
  test('is found at the line where its write to a socket began', () => {
    expect(answeredAt(parse('7 write(4</log>, "the-id", 6) = 6', answer('other'), answer('the-id')), 'the-id')).toBe(3)
    expect(answeredAt(parse(answer('other')), 'the-id')).toBe(NEVER)
  })

  test('is not a line of the log that names it, though the log goes to a socket', () => {
    const logged = '7 write(1<socket:[3]>, "{\\"receipt_id\\":\\"the-id\\"}", 9) = 9'
    expect(answeredAt(parse(logged, answer('the-id')), 'the-id')).toBe(2)
  })

  test('begins at its head where that was written separately', () => {
    const [head, body] = ['HTTP/1.1 200 OK', 'the-id'].map((text) => `7 write(5<socket:[5]>, "${text}", 9) = 9`)
    expect(answeredAt(parse(answer('other', 5), head ?? '', answer('other', 6), body ?? ''), 'the-id')).toBe(2)
  })
})
