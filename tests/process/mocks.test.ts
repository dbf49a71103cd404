import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { serve } from '@kkt/platform/serve.ts'
import { someCases } from '@kkt/platform/testing.ts'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startService } from './adapter_process.ts'

/** A process takes a while to start on a busy machine. */
setDefaultTimeout(TEST_MS)
afterAll(killAll)

describe.each([
  { folder: 'mock_ofd', prefix: '/ofd/v1', counted: 'receipts' },
  { folder: 'mock_odoo', prefix: '/api/v1', counted: 'heartbeats' },
  { folder: 'mock_kkt', prefix: '', counted: 'receipts' },
])('$folder', ({ folder, prefix, counted }) => {
  const start = (PORT: string) =>
    startService(fileURLToPath(new URL(`../../services/${folder}/main.ts`, import.meta.url)), {
      HOST: '127.0.0.1',
      PORT,
    })

  test('logs its port, and answers there', async () => {
    const { url, logged } = start('0')
    expect(await logged('listening')).toMatchObject({ service: folder })
    expect((await fetch(await url(`${prefix}/health`))).status).toBe(200)
  })

  test.each(someCases(['SIGTERM', 'SIGINT', 'SIGHUP'] as const, 3))(
    'ends well at %s during a long poll',
    async (signal) => {
      const { child, url, ended, errors } = start('0')
      const poll = fetch(await url(`${prefix}/_test/wait?${counted}=1&timeout=60`)).then(
        () => 'answered',
        () => 'cut off',
      )
      // The poll was sent before this request, so it is likely under way once this one is answered.
      await fetch(await url(`${prefix}/_test/${counted}`))
      child.kill(signal)
      expect({ ended: await ended, poll: await poll, errors: await errors }).toEqual({
        ended: 0,
        poll: 'cut off',
        errors: '',
      })
    },
  )

  test('reports a taken port in one clear line, with exit 1', async () => {
    const occupant = await serve(() => new Response(), { hostname: '127.0.0.1', port: 0 })
    const { ended, errors } = start(String(occupant.port))
    expect(await ended).toBe(1)
    const line = `Another program uses port ${occupant.port}: stop that program, or set PORT to a free port.\n`
    expect(await errors).toBe(line)
    await occupant.stop('now')
  })

  test('reports a bad setting in one clear line, and does not start', async () => {
    const { ended, errors } = start('many')
    expect(await ended).toBe(2)
    expect(await errors).toBe('PORT is "many": it takes a whole number from 0 to 65535\n')
  })
})
