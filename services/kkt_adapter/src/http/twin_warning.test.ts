import { expect, test } from 'bun:test'
import { z } from 'zod'
import { body, startApp } from '../testing/app_kit.ts'

const told = z.object({
  receipt_id: z.string(),
  fiscal_doc: z.object({ fiscal_doc_number: z.number() }),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
})

test('a twin is taken and warned of, with the document of the first, again for the same key, and counted', async () => {
  const { post, deps } = startApp({ twinWindowMs: 60_000 })
  const sell = async (key: string) => told.parse((await post(body(), key)).json)
  const first = await sell('one')
  const twin = await sell('two')
  expect(first.warnings).toEqual([])
  expect(twin.receipt_id).not.toBe(first.receipt_id)
  expect(twin.warnings).toMatchObject([
    { code: 'twin', message: expect.stringContaining(`document ${first.fiscal_doc.fiscal_doc_number}.`) },
  ])
  expect((await sell('two')).warnings).toEqual(twin.warnings)
  expect(deps.readStatus().twins).toBe(1)
})
