import { expect, test } from 'bun:test'
import { randomInt } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { listeningSockets, portProblems, portTakenLine, randomPorts, requireFreePorts } from './ports.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 55555 1 0000 100 0 0 10 0
   1: 0100007F:1F41 0100007F:A3C4 01 00000000:00000000 00:00000000 00000000     0        0 66666 1 0000 20 4 30 10 -1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77777 1 0000 100 0 0 10 0
`

test('sockets that listen on a port are found, and connected ones are not', () => {
  expect(listeningSockets(TABLE, 8001)).toEqual(['socket:[55555]'])
  expect(listeningSockets(TABLE, 80)).toEqual(['socket:[77777]'])
  expect(listeningSockets(TABLE, 9000)).toEqual([])
  expect(listeningSockets('', 8001)).toEqual([])
})

test('the line names the port’s holder and what to do', () => {
  expect(portTakenLine({ port: 8001, variable: 'KKT_ADAPTER_PORT', holder: 'nginx (process 7)', free: 8002 })).toBe(
    "Port 8001 is taken by nginx (process 7): stop it (make down, if it is this stack's), or set KKT_ADAPTER_PORT=8002.",
  )
})

test('a port that somebody listens on is refused, unless the stack itself holds it', async () => {
  using listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const wanted = [{ port: listener.port, variable: 'REDIS_PORT' }]
  await expect(requireFreePorts('.', wanted, [])).rejects.toThrow(`Port ${listener.port} is taken by`)
  await expect(requireFreePorts('.', wanted, [listener.port])).resolves.toBeUndefined()
})

const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
const hasIpv6 = interfaces.some(({ address }) => address === '::1')

test.skipIf(!hasIpv6)(
  'a port that another program has only on ::1 is refused, because localhost may lead there',
  async () => {
    using listener = Bun.listen({ hostname: '::1', port: 0, socket: { data() {} } })
    const { port } = listener
    const [line = ''] = await portProblems('.', [{ port, variable: 'REDIS_PORT' }], [])
    expect(line).toStartWith(`Port ${port} is taken by`)
    if (process.platform === 'linux') expect(line).toContain(`(process ${process.pid})`)
  },
)

test('a start with the suggested ports succeeds', async () => {
  const port = Number((await randomPorts(['A'], randomInt))['A'])
  using _first = taken(port)
  using _second = taken(port + 1)
  const wanted = ['A', 'B', 'C'].map((variable, i) => ({ variable, port: port + i }))
  const advised = new Map(
    (await portProblems('.', wanted, [])).map((line) => {
      const [, variable = '', free] = /set (\w)=(\d+)/.exec(line) ?? []
      return [variable, Number(free)]
    }),
  )
  expect([...advised.keys()].slice(0, 2)).toEqual(['A', 'B'])
  const next = wanted.map((one) => ({ ...one, port: advised.get(one.variable) ?? one.port }))
  await expect(requireFreePorts('.', next, [])).resolves.toBeUndefined()
})

/** Takes a port, unless another program has it anyway. */
function taken(port: number): Disposable | undefined {
  try {
    return Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } })
  } catch {
    return undefined
  }
}

test('two services cannot have one port', async () => {
  const wanted = ['REDIS_PORT', 'MOCK_OFD_PORT'].map((variable) => ({ port: 1234, variable }))
  await expect(requireFreePorts('.', wanted, [1234])).rejects.toThrow('REDIS_PORT and MOCK_OFD_PORT are both 1234')
})

test('each variable is given a random port of its own that is free', async () => {
  using _first = taken(10_000)
  let draws = 0
  const ports = await randomPorts(['A', 'B', 'C'], () => Math.floor(draws++ / 2))
  expect(Object.values(ports)).not.toContain('10000')
  expect([Object.keys(ports), new Set(Object.values(ports)).size]).toEqual([['A', 'B', 'C'], 3])
  const wanted = Object.entries(ports).map(([variable, port]) => ({ variable, port: Number(port) }))
  await expect(requireFreePorts('.', wanted, [])).resolves.toBeUndefined()
})
