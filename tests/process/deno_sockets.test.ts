/** Faults of Deno that the listener works around. If a test turns red, Deno has changed, and its workaround may go. */
import { expect, onTestFinished, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const IS_DENO = process.env['RUNTIME'] === 'deno'
/** More than the files that the server may open. */
const CROWD = 60
/** Turns of the server's event loop. A server that listens would accept the connection within a few. */
const TURNS = 100

test.if(IS_DENO)(
  'Deno stops accepting for ever once it runs out of descriptors: hence GOES_DEAF in listener.ts',
  async () => {
    const command =
      'ulimit -n 48 && exec tests/harness/deno run --no-prompt --allow-net tests/process/counting_server.ts'
    const server = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void server.kill())
    const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
    const nextNumber = async () => Number((await lines.next()).value)
    const port = await nextNumber()
    const came = () => {
      server.stdin.write('\n')
      return nextNumber()
    }
    const dial = async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      await once(socket, 'connect')
      return socket
    }

    const crowd = await Promise.all(Array.from({ length: CROWD }, dial))
    const cameOfCrowd = await came()
    expect(cameOfCrowd).toBeWithin(1, CROWD)
    for (const socket of crowd) socket.destroy()
    const late = await dial()
    for (let turn = 0; turn < TURNS; turn++) expect(await came()).toBe(cameOfCrowd)
    late.destroy()
  },
)
