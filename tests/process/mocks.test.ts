import { afterEach, describe, expect, test } from 'bun:test'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Listening, serve } from '@kkt/platform/serve.ts'
import { spawnService } from '@kkt/platform/testing.ts'
import { z } from 'zod'

const children: ChildProcess[] = []
let occupant: Listening | undefined

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await occupant?.stop('now')
})

function start(folder: string, PORT: string) {
  const main = fileURLToPath(new URL(`../../services/${folder}/main.ts`, import.meta.url))
  const child = spawnService(main, { HOST: '127.0.0.1', PORT })
  children.push(child)
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  return { child, ended, errors: text(child.stderr) }
}

const firstLine = z.object({ event: z.literal('listening'), port: z.int().positive(), service: z.string() })

async function listening(child: { stdout: NodeJS.ReadableStream }) {
  const [chunk] = await once(child.stdout, 'data')
  return firstLine.parse(JSON.parse(String(chunk).split('\n')[0] ?? ''))
}

const mocks = [
  { folder: 'mock_ofd', prefix: '/ofd/v1', counted: 'receipts' },
  { folder: 'mock_odoo', prefix: '/api/v1', counted: 'heartbeats' },
]

for (const { folder, prefix, counted } of mocks) {
  describe(folder, () => {
    test('logs its port, and answers there', async () => {
      const { child } = start(folder, '0')
      const { port, service } = await listening(child)
      expect(service).toBe(folder)
      expect((await fetch(`http://127.0.0.1:${port}${prefix}/health`)).status).toBe(200)
    })

    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      test(`ends well at ${signal} during a long poll`, async () => {
        const { child, ended, errors } = start(folder, '0')
        const control = `http://127.0.0.1:${(await listening(child)).port}${prefix}/_test`
        const poll = fetch(`${control}/wait?${counted}=1&timeout=60`).then(
          () => 'answered',
          () => 'cut off',
        )
        // The poll was sent before this request, so it is likely under way once this one is answered.
        await fetch(`${control}/${counted}`)
        child.kill(signal)
        expect(await ended).toBe(0)
        expect(await poll).toBe('cut off')
        expect(await errors).toBe('')
      })
    }

    test('reports a taken port in one clear line, with exit 1', async () => {
      occupant = await serve(() => new Response(), { hostname: '127.0.0.1', port: 0 })
      const { child, ended, errors } = start(folder, String(occupant.port))
      const output = text(child.stdout)
      expect(await ended).toBe(1)
      const line = `Another program uses port ${occupant.port}: stop that program, or set PORT to a free port.\n`
      expect(await errors).toBe(line)
      expect(await output).toBe('')
    })

    test('reports a bad setting in one clear line, and does not start', async () => {
      const { ended, errors } = start(folder, 'many')
      expect(await ended).toBe(2)
      expect(await errors).toBe('PORT is "many": it takes a whole number from 0 to 65535\n')
    })
  })
}
