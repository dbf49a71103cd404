/** The adapter's OpenAPI document says by which tokens each route is used. */
import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { startWholeApp } from '../../../services/kkt_adapter/src/testing/whole_app.ts'
import { openApi, outcomesOf } from './contract.ts'

const whole: unknown = await (await startWholeApp().app.handle(new Request('http://localhost/openapi.json'))).json()
const api = openApi.parse(whole)

describe('each route of the document', () => {
  const form = z.object({
    components: z.object({ securitySchemes: z.record(z.string(), z.object({ type: z.string() })) }),
    paths: z.record(
      z.string(),
      z.record(z.string(), z.object({ security: z.array(z.record(z.string(), z.array(z.string()))) })),
    ),
  })
  const { paths, components } = form.parse(whole)
  const schemes = Object.keys(components.securitySchemes)
  const refusals = (route: string) =>
    outcomesOf(api).flatMap((one) => (one.route === route && [401, 403, 429].includes(one.status) ? [one.outcome] : []))

  test.each(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => [`${method.toUpperCase()} ${path}`, security] as const),
    ),
  )('%s says by which token a client is let in, and how it is refused', (route, security) => {
    const isOpen = ['POST /v1/kkt/login', 'POST /v1/kkt/logout'].includes(route)
    const isOptional = route === 'GET /v1/health'
    const each = schemes.map((scheme) => ({ [scheme]: [] }))
    expect<unknown>(security).toEqual(isOpen ? [] : [...(isOptional ? [{}] : []), ...each])
    if (isOpen) return
    expect(refusals(route)).toEqual(expect.arrayContaining(['token_unknown', 'too_many_wrong_tokens']))
    if (!isOptional) expect(refusals(route)).toContain('token_missing')
    if (!isOptional && route !== 'GET /v1/kkt/login') expect(refusals(route)).toContain('not_allowed')
  })
})
