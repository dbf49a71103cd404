/** What the listener does for Deno's sake. Where a test is red, Deno has changed, and what is done for it may go. */
import { expect, onTestFinished, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const IS_DENO = process.env['RUNTIME'] === 'deno'
/** The server has fewer files than this. */
const CROWD = 60
/** Turns of the server's event loop. A server that hears would take the connection within a few. */
const TURNS = 100

test.if(IS_DENO)('Deno without a descriptor left hears nobody again: so GOES_DEAF in listener.ts', async () => {
  const command = 'ulimit -n 48 && exec tests/harness/deno run --no-prompt --allow-net tests/process/counting_server.ts'
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
})
