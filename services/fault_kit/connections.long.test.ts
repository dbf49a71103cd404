import { describe, expect, test } from 'bun:test'
import type { Port } from '@kkt/platform/serve.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createConnections } from './connections.ts'

function build() {
  const clock = new TestClock()
  const connections = createConnections(clock)
  const log: string[] = []
  let opening = Promise.resolve()
  /** Keeps the port opening until the returned function is called. */
  const openSlowly = () => {
    const opened = Promise.withResolvers<void>()
    opening = opened.promise
    return opened.resolve
  }
  const listening: Port = {
    port: 1,
    stop: async (how) => {
      log.push(`stop ${how}`)
    },
    reopen: async () => {
      log.push('reopen')
      await opening
    },
    peerOf: (request) => request.headers.get('from'),
    openConnections: () => 1,
    openPeers: () => ['a:1'],
    endWith: () => true,
    sendOn: (request, bytes) => {
      log.push(`${request.headers.get('from')} ${new TextDecoder().decode(bytes)}`)
      return true
    },
  }
  connections.listenOn(listening)
  const from = (peer: string) => new Request('http://localhost/', { headers: { from: peer } })
  return { clock, connections, log, from, openSlowly }
}

describe('the port', () => {
  test('is left when what is ready has been answered, and taken again in time', async () => {
    const { clock, connections, log } = build()
    connections.leavePort(5000)
    expect(log).toEqual([])
    await settle()
    expect(log).toEqual(['stop now'])
    await clock.advance(4999)
    expect(log).toHaveLength(1)
    await clock.advance(1)
    expect(log).toEqual(['stop now', 'reopen'])
  })

  test('is left once, for the longest that was asked for', async () => {
    const { clock, connections, log } = build()
    connections.leavePort(5000)
    connections.leavePort(9000)
    connections.leavePort(1000)
    await clock.advance(8999)
    expect(log).toEqual(['stop now'])
    await clock.advance(1)
    expect(log).toEqual(['stop now', 'reopen'])
    connections.leavePort(1000)
    await clock.advance(1000)
    expect(log).toEqual(['stop now', 'reopen', 'stop now', 'reopen'])
  })
})

test('a port that is left again while it opens is left when it is open', async () => {
  const { clock, connections, log, openSlowly } = build()
  const opened = openSlowly()
  connections.leavePort(1000)
  await clock.advance(1000)
  expect(log).toEqual(['stop now', 'reopen'])
  connections.leavePort(1000)
  await settle()
  expect(log).toHaveLength(2)
  opened()
  await settle()
  expect(log).toEqual(['stop now', 'reopen', 'stop now'])
  await clock.advance(1000)
  expect(log).toEqual(['stop now', 'reopen', 'stop now', 'reopen'])
})

test('deafness is of one connection, until a reset', () => {
  const { connections, from } = build()
  expect(connections.isAnyFaulty()).toBe(false)
  connections.goDeaf(from('a:1'))
  expect([connections.isAnyFaulty(), connections.isDeafTo(from('a:1')), connections.isDeafTo(from('a:2'))]).toEqual([
    true,
    true,
    false,
  ])
  connections.reset()
  expect([connections.isAnyFaulty(), connections.isDeafTo(from('a:1'))]).toEqual([false, false])
})

describe('a second answer', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  test('comes with the next call on the same connection, once', () => {
    const { connections, log, from } = build()
    connections.answerAgain(from('a:1'), bytes('first'))
    expect(connections.isAnyFaulty()).toBe(true)
    expect(connections.sendStray(from('a:2'))).toBe(false)
    expect([connections.sendStray(from('a:1')), connections.sendStray(from('a:1'))]).toEqual([true, false])
    expect(log).toEqual(['a:1 first'])
    expect(connections.isAnyFaulty()).toBe(false)
  })

  test('does not come after a reset', () => {
    const { connections, log, from } = build()
    connections.answerAgain(from('a:1'), bytes('first'))
    connections.reset()
    expect([connections.isAnyFaulty(), connections.sendStray(from('a:1'))]).toEqual([false, false])
    expect(log).toEqual([])
  })

  test('is kept for the latest connections', () => {
    const { connections, log, from } = build()
    for (let port = 0; port <= 10_000; port += 1) connections.answerAgain(from(`a:${port}`), bytes('late'))
    expect([connections.sendStray(from('a:0')), connections.sendStray(from('a:1'))]).toEqual([false, true])
    expect(log).toEqual(['a:1 late'])
  })
})

test('without a port nothing is to be had', async () => {
  const connections = createConnections(new TestClock())
  const request = new Request('http://localhost/')
  connections.leavePort(1)
  connections.goDeaf(request)
  connections.answerAgain(request, new Uint8Array())
  await settle()
  expect([connections.openPeers(), connections.peerOf(request)]).toEqual([[], null])
  expect(connections.hasPort()).toBe(false)
  expect([connections.isAnyFaulty(), connections.endWith(request, new Uint8Array())]).toEqual([false, false])
})
