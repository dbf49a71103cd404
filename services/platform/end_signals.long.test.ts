import { expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { LONG, SEED, seededRandom } from './testing.ts'

const SCRIPT = `
  import { onEndSignal } from './end_signals.ts'
  onEndSignal((signal) => process.stdout.write('ends at ' + signal, () => process.exit(0)))
  process.stdin.on('end', () => process.exit(7)).resume()
  process.stdout.write('ready, ')`

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Starts a process that prints the signal at which it ends, and exits with 7 when its input ends first. */
async function outcome(act: (child: ChildProcess) => void, through: string[] = []) {
  const [command = '', ...args] = [...through, process.execPath, '-e', SCRIPT]
  const child = spawn(command, args, { cwd: import.meta.dir, stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  await once(child.stdout, 'data')
  act(child)
  const [code] = await once(child, 'close')
  return { code, said }
}

/** Each starts a process. The short form has one of them, another in other runs. */
const tried = LONG ? SIGNALS : SIGNALS.slice(seededRandom()(SIGNALS.length)).slice(0, 1)

test.each(tried)(`%s asks for the end (SEED=${SEED})`, async (signal) => {
  expect(await outcome((child) => child.kill(signal))).toEqual({ code: 0, said: `ready, ends at ${signal}` })
})

// Only Linux shows which signals a process ignores.
test.skipIf(!existsSync('/proc/self/status'))('under nohup a terminal that closes asks for nothing', async () => {
  const hangUp = (child: ChildProcess) => {
    child.kill('SIGHUP')
    child.stdin?.end()
  }
  expect(await outcome(hangUp, ['nohup'])).toEqual({ code: 7, said: 'ready, ' })
  expect(await outcome((child) => child.kill('SIGTERM'), ['nohup'])).toMatchObject({ said: 'ready, ends at SIGTERM' })
})
