import { expect, onTestFinished, test } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { createLogger } from '@kkt/platform/logger.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { type Address, openFrontDoor } from './front_door.ts'

const logger = createLogger('test', 'error', () => undefined)

/** Answers whatever it gets with its name, once the other side has said all, and says nothing more. */
async function adapter(name: string) {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    let asked = ''
    socket.on('data', (data) => (asked += data))
    socket.on('end', () => socket.end(`${name} got ${asked}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(stop)
  return { address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, sockets, stop }
}

async function open(adapters: () => Promise<Address[]>) {
  const clock = new TestClock()
  const door = await openFrontDoor({ hostname: '127.0.0.1', port: 0, adapters, clock, logger })
  onTestFinished(() => door.stop(0))
  const enter = () => connect({ port: door.port, host: '127.0.0.1' }).on('error', () => undefined)
  /** Everything that is answered, or null when the connection is refused or broken. */
  async function say(what: string): Promise<string | null> {
    const socket = enter()
    socket.end(what)
    return text(socket).then(
      (answer) => answer || null,
      () => null,
    )
  }
  return { clock, door, enter, say }
}

test('connections go to the adapters in turn', async () => {
  const [a, b] = [await adapter('a'), await adapter('b')]
  const { say } = await open(async () => [a.address, b.address])
  const answers = [await say('1'), await say('2'), await say('3')]
  expect(answers).toEqual(['a got 1', 'b got 2', 'a got 3'])
})

test('what is large goes through whole, both ways', async () => {
  const a = await adapter('a')
  const { say } = await open(async () => [a.address])
  const large = 'x'.repeat(3_000_000)
  expect((await say(large))?.length).toBe(large.length + 'a got '.length)
})

test('one that is gone is passed over', async () => {
  const [a, b] = [await adapter('a'), await adapter('b')]
  const { say } = await open(async () => [a.address, b.address])
  a.stop()
  expect([await say('1'), await say('2')]).toEqual(['b got 1', 'b got 2'])
})

test('where there is none the connection ends, and the next one is tried anew', async () => {
  const a = await adapter('a')
  const answers: (Address[] | Error)[] = [[], new Error('no such name'), [a.address]]
  const { say } = await open(async () => {
    const answer = answers.shift() ?? []
    if (answer instanceof Error) throw answer
    return answer
  })
  expect([await say('1'), await say('2'), await say('3')]).toEqual([null, null, 'a got 3'])
})

test('a connection that breaks on one side breaks on the other', async () => {
  const a = await adapter('a')
  const { enter } = await open(async () => [a.address])
  const first = enter()
  first.resume()
  await once(first, 'connect')
  while (a.sockets.length < 1) await settle()
  a.sockets[0]?.destroy()
  await once(first, 'close')
  const second = enter()
  while (a.sockets.length < 2) await settle()
  const closed = once(a.sockets[1] ?? second, 'close')
  second.destroy()
  await closed
})

test('at the end nobody new is let in, and who is in may finish, for a while', async () => {
  const a = await adapter('a')
  const { clock, door, enter, say } = await open(async () => [a.address])
  const [slow, stuck] = [enter(), enter()]
  for (const socket of [slow, stuck]) socket.write('all')
  const left = once(stuck.resume(), 'close')
  while (a.sockets.length < 2) await settle()
  let hasStopped = false
  const stopped = door.stop(1000).then(() => (hasStopped = true))
  expect(await say('late')).toBeNull()
  slow.end(' of it')
  expect(await text(slow)).toBe('a got all of it')
  expect(hasStopped).toBe(false)
  await clock.advance(1000)
  await stopped
  await left
})

test('the end waits for nobody where nobody is', async () => {
  const { door } = await open(async () => [])
  await door.stop(1000)
})
