import { expect, test } from 'bun:test'
import { eventsOf } from './sse.ts'

const NOTE = '{"id":7,"at":"2026-01-31T12:00:00.000Z","receipt_id":null,"from":null,"to":"held","detail":"ä","by":null}'
const TEXT = `: still here\n\nid: 7\nevent: lease\ndata: ${NOTE}\n\nevent: reset\ndata: {"reason":"x","detail":"y"}\n\n`

async function* inPieces(text: string, size: number) {
  const bytes = new TextEncoder().encode(text)
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

test.each([1, 2, 7, 1000])('events are whole, however they are cut (%i bytes)', async (size) => {
  let pieces = 0
  const told = await Array.fromAsync(eventsOf(inPieces(TEXT, size), () => (pieces += 1)))
  expect(told).toEqual([
    { event: 'lease', id: 7, data: JSON.parse(NOTE) },
    { event: 'reset', id: null, data: { reason: 'x', detail: 'y' } },
  ])
  expect(pieces).toBe(Math.ceil(new TextEncoder().encode(TEXT).length / size))
})

test('an unknown event, and one without an end, is no event of the adapter', async () => {
  const all = (text: string) => Array.fromAsync(eventsOf(inPieces(text, 100_000)))
  await expect(all('event: news\ndata: 1\n\n')).rejects.toThrow()
  await expect(all('x'.repeat(2_000_000))).rejects.toThrow('no end')
})
