import { expect, test } from 'bun:test'
import { TestClock } from '../testing.ts'
import { BodyMemory } from './bodies.ts'
import { LIMITS } from './limits.ts'
import { Lines } from './lines.ts'
import type { ClientSocket } from './sockets.ts'

test('a connection that comes while the port is being left is ended, and holds nothing up', async () => {
  const deps = { handle: () => new Response(), limits: LIMITS, clock: new TestClock(), memory: new BodyMemory(1) }
  const lines = new Lines(deps, () => undefined)
  const log: string[] = []
  const connect = (peer: string) => {
    const socket: ClientSocket = {
      peer,
      isSecured: true,
      isWritable: true,
      write: () => true,
      end: () => undefined,
      destroy: () => void log.push(peer),
      pause: () => undefined,
      resume: () => undefined,
    }
    return lines.admit(socket)
  }
  const early = connect('early')
  early.heard(Buffer.from('GET / HTTP/1.1\r\n'))
  const left = lines.finish('answered')
  expect(log).toEqual([])
  connect('late')
  expect(log).toEqual(['late'])
  early.closed()
  await left
  expect(lines.peers).toEqual([])
})
