import { expect, test } from 'bun:test'
import { z } from 'zod'
import { jsonSchemaOf } from './json_schema.ts'

test('values keep members that are named as keywords, and schemas lose those that say nothing', () => {
  const value = { format: 'uuid', pattern: '^a', minimum: Number.MIN_SAFE_INTEGER }
  const described = jsonSchemaOf(
    z.looseObject({ id: z.uuid(), count: z.int() }).default({ ...value, id: '', count: 0 }),
    new Map(),
  )
  expect(described).toMatchObject({
    default: { ...value, id: '', count: 0 },
    properties: { id: { type: 'string', format: 'uuid' }, count: { type: 'integer' } },
  })
  expect(JSON.stringify(described['properties'])).not.toMatch(/pattern|minimum/)
})
