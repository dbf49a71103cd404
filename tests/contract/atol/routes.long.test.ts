import { describe, expect, test } from 'bun:test'
import { httpError } from './answers.ts'
import { ACCESS } from './routes/access.ts'
import { REQUESTS } from './routes/queue.ts'
import type { Answered, Asked, Route } from './routes/route.ts'
import { SERVER } from './routes/server.ts'
import { newServer } from './server.ts'
import { clientOf, type Told } from './wire.ts'

const TABLES: Readonly<Record<string, readonly Route[]>> = { ACCESS, SERVER, REQUESTS }

for (const [name, routes] of Object.entries(TABLES))
  describe(`${name}: the server`, () => {
    const tried = routes.map((route) => ({ says: route.says, route }))
    test.each(tried)('$says', async ({ route: { device, talk } }) => {
      const client = clientOf(newServer(device ? { device } : {}))
      for (const [asked, answered] of talk) expectAnswered(asked, await client.ask(asked), answered)
    })
  })

function expectAnswered(asked: Asked, told: Told, { statuses, body, has, code }: Answered): void {
  if (!statuses.includes(told.status)) throw new Error(`${JSON.stringify(asked)}: ${JSON.stringify(told)}`)
  if (body) expect(body.safeParse(told.body).error?.message).toBeUndefined()
  if (has) expect(told.body).toMatchObject({ ...has })
  if (code !== undefined) expect(httpError.parse(told.body).error.code).toBe(code)
}
