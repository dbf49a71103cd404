import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { Elysia } from 'elysia'
import { sharedApp } from './shared_app.ts'

type Parts = { till: { name: string; sold: { count(): Promise<number> } }; isOpen: () => boolean }

let built = 0
const handle = sharedApp(({ till, isOpen }: Parts) => {
  built += 1
  const { sold } = till
  return new Elysia().get('/', async () => [till.name, await sold.count(), isOpen(), till.name])
})
const asked = async (parts: Parts) => (await handle(parts, new Request('http://localhost/'))).json()

test('requests under way at once each see the parts of their own test, in one app', async () => {
  const slow = Promise.withResolvers<number>()
  const first = asked({ till: { name: 'A', sold: { count: () => slow.promise } }, isOpen: () => true })
  const second = asked({ till: { name: 'B', sold: { count: async () => 2 } }, isOpen: () => false })
  expect(await second).toEqual(['B', 2, false, 'B'])
  slow.resolve(1)
  expect(await first).toEqual(['A', 1, true, 'A'])
  expect(built).toBe(1)
})

test('a part that keeps private fields works as itself', async () => {
  class Sold {
    #count = 3
    async count() {
      return this.#count
    }
  }
  const sold = new Sold()
  expect(await asked({ till: { name: 'C', sold }, isOpen: () => true })).toEqual(['C', 3, true, 'C'])
})

test('an answer that comes bit by bit keeps to the parts of its request', async () => {
  const streaming = sharedApp(({ name }: { name: () => string }) =>
    new Elysia().get('/', async function* () {
      for (let piece = 0; piece < 3; piece++) {
        yield name()
        await settle()
      }
    }),
  )
  const answers = ['A', 'B'].map((name) => streaming({ name: () => name }, new Request('http://localhost/')))
  const texts = (await Promise.all(answers)).map((answer) => answer.text())
  expect(await Promise.all(texts)).toEqual(['AAA', 'BBB'])
})

test('a part that is used while the app is built is refused, because it would be the first test’s', async () => {
  const early = sharedApp(({ isOpen }: Parts) => new Elysia().get('/', String(isOpen())))
  const parts = { till: { name: 'D', sold: { count: async () => 0 } }, isOpen: () => true }
  expect(() => early(parts, new Request('http://localhost/'))).toThrow('isOpen is used outside any request')
})

test('an entry of a list that is read while the app is built is the one of each test', async () => {
  const listed = sharedApp(({ tills }: { tills: { name: () => string }[] }) => {
    const [till] = tills
    return new Elysia().get('/', () => till?.name() ?? 'none')
  })
  const nameOf = async (name: string) =>
    (await listed({ tills: [{ name: () => name }] }, new Request('http://localhost/'))).text()
  expect([await nameOf('A'), await nameOf('B')]).toEqual(['A', 'B'])
})
