/** Heads that are too large, by many lines or by long ones. */
import { type Attack, inParallel, message, send } from '../attack.ts'
import { isTaken } from '../tally.ts'

const MEGABYTE = 2 ** 20
const AT_ONCE = 8
const TIMES = { short: 1, long: 10 }

const many = (count: number) => Array.from({ length: count }, (_, i) => `x-${i}: ${i}`)

const HEADS: readonly (readonly [name: string, bytes: () => Iterable<string | Uint8Array>])[] = [
  ['10 000 headers', () => message({ fields: many(10_000) })],
  ['100 000 headers of one name', () => message({ fields: Array<string>(100_000).fill('a: b') })],
  ['a header of a megabyte', () => message({ fields: [`x: ${'a'.repeat(MEGABYTE)}`] })],
  ['a name of a megabyte', () => message({ fields: [`${'a'.repeat(MEGABYTE)}: x`] })],
  ['a path of a megabyte', () => message({ path: `/${'a'.repeat(MEGABYTE)}` })],
  ['a method of a megabyte', () => message({ method: 'A'.repeat(MEGABYTE) })],
  ['a query of a megabyte', () => message({ path: `/v1/kkt/receipts?${'a=b&'.repeat(MEGABYTE / 4)}` })],
  ['cookies of a megabyte', () => message({ fields: [`Cookie: ${'a=b; '.repeat(MEGABYTE / 5)}`] })],
  ['a megabyte without a line', () => ['a'.repeat(MEGABYTE)]],
  ['a megabyte of nulls', () => [new Uint8Array(MEGABYTE)]],
  ['a host of a megabyte', () => [`GET / HTTP/1.1\r\nHost: ${'a'.repeat(MEGABYTE)}\r\n\r\n`]],
]

export const floods: Attack = {
  name: 'floods of headers',
  lane: 'strikes',
  async begin(siege) {
    const all = Array.from({ length: TIMES[siege.size] }, () => HEADS).flat()
    await inParallel(all, AT_ONCE, async ([name, bytes]) => {
      if (isTaken(await send(siege, bytes()))) siege.tally.fault(`${name} was taken`)
    })
  },
}
