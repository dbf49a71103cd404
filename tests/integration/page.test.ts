/** The pages of the services, and the routes that the adapter's lives by, as a browser asks them. */
import { expect, test } from 'bun:test'
import { z } from 'zod'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const ofdSwitch = z.strictObject({ permanent_failure: z.boolean() })

test.each(['adapter', 'ofd', 'odoo'] as const)(
  'a browser gets the page of the %s with all that it names',
  async (which) => {
    const page = await fetch(`${urls[which]}/`, { headers: BROWSER })
    const html = await page.text()
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const named = [...html.matchAll(/(?:src|href)="\/?(_page\/[^"]+)"/g)].map(([, path]) => path)
    expect(named).toHaveLength(3)
    for (const path of named) {
      const file = await fetch(`${urls[which]}/${path}`)
      expect([path, file.status, file.headers.get('cache-control')?.includes('immutable')]).toEqual([path, 200, true])
      expect((await file.text()).length).toBeGreaterThan(100)
    }
  },
)

test('a program gets links at the adapter, and at a mock the way to its faults', async () => {
  expect(await (await fetch(`${urls.adapter}/`)).json()).toMatchObject({ page: '/', health: '/v1/health' })
  expect(await (await fetch(`${urls.ofd}/`)).json()).toMatchObject({ status: 404, code: 'no_such_route' })
})

test('the OFD is switched off and on through the adapter', async () => {
  const path = '/v1/kkt/_test/ofd'
  expect(expectBody(await adapter.get(path), 200, ofdSwitch)).toEqual({ permanent_failure: false })
  const off = await adapter.post(path, { permanent_failure: true })
  expect(expectBody(off, 200, ofdSwitch)).toEqual({ permanent_failure: true })
  expect(await ofd.configuration()).toMatchObject({ permanent_failure: true })
  await adapter.post(path, { permanent_failure: false })
  expect(await ofd.configuration()).toMatchObject({ permanent_failure: false })
  expect(expectProblem(await adapter.post(path, { delay: 1 }), 422).code).toBe('invalid_body')
})
