import { expect, test } from 'bun:test'
import { build } from './testing/lent.ts'
import { first, posted } from './testing.ts'

const accepted = JSON.stringify(first)
const bytes = new TextEncoder().encode(accepted)

test('the body comes byte by byte, in so many seconds', async () => {
  const { app, config, advance } = build()
  await config({ dribble: accepted.length })
  const response = await posted(app, 1)
  const reader = response.body?.getReader()
  for (const byte of bytes) {
    const read = reader?.read()
    await advance(999)
    expect(await Promise.race([read, 'nothing yet'])).toBe('nothing yet')
    await advance(1)
    expect((await read)?.value).toEqual(new Uint8Array([byte]))
  }
  expect((await reader?.read())?.done).toBe(true)
})

test('what is late does not make the rest late', async () => {
  const { app, config, advance } = build()
  await config({ dribble: accepted.length })
  const response = await posted(app, 1)
  await advance(1000 * accepted.length - 1001)
  const text = response.text()
  await advance(1000)
  expect(await Promise.race([text, 'not all yet'])).toBe('not all yet')
  await advance(1)
  expect(await text).toBe(accepted)
})

test('bytes that are late come together with the next', async () => {
  const { app, config, advance } = build()
  await config({ dribble: accepted.length })
  const reader = (await posted(app, 1)).body?.getReader()
  await advance(7500)
  const late = reader?.read()
  await advance(0)
  expect((await late)?.value).toEqual(bytes.subarray(0, 7))
  const next = reader?.read()
  await advance(500)
  expect((await next)?.value).toEqual(bytes.subarray(7, 8))
})

test('in no time, the body comes whole', async () => {
  const { app, config, advance } = build()
  await config({ dribble: { seconds: 0 } })
  const text = (await posted(app, 1)).text()
  await advance(0)
  expect(await text).toBe(accepted)
})
