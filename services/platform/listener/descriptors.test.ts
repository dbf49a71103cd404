import { describe, expect, test } from 'bun:test'
import { roomForConnections } from './descriptors.ts'

describe('how many connections a process has room for', () => {
  test.each([
    [64, null, 100, 8, 8],
    [256, null, 0, 184, 32],
    [256, null, 100, 152, 32],
    [1024, null, 100, 756, 128],
    [1_048_576, null, 1000, 1000, 128],
    [1024, 20, 100, 20, 128],
    [1_048_576, 50_000, 100, 50_000, 128],
  ])(
    'of %p descriptors, where %p are wanted and %p may go out: %p and %p',
    (descriptors, wanted, outgoing, connections, turnedAway) => {
      expect(roomForConnections({ wanted, outgoing }, descriptors)).toEqual({ connections, turnedAway })
    },
  )

  test('more than there is room for is refused, with what to set', () => {
    expect(() => roomForConnections({ wanted: 100, outgoing: 100 }, 64)).toThrow(
      'MAX_CONNECTIONS is 100: this process may open 64 files and needs 56 of them for itself. Raise its limit (ulimit -n), or set MAX_CONNECTIONS to at most 8.',
    )
  })

  test.each([null, 5])('none at all is refused, whatever is wanted (%p)', (wanted) => {
    expect(() => roomForConnections({ wanted, outgoing: 100 }, 32)).toThrow(
      'Too few files can be opened: this process may open 32 files and needs 48 of them for itself. Raise its limit (ulimit -n).',
    )
  })

  test('by default it is that of this process', () => {
    expect(roomForConnections({ wanted: null, outgoing: 0 }).connections).toBeGreaterThan(0)
  })
})
