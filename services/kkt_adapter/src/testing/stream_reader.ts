/** A reader of server-sent events, for tests. */
import { settle } from '@kkt/platform/testing.ts'
import { z } from 'zod'

type Told = { event: string; id: number | null; data: Record<string, unknown> }

const anObject = z.record(z.string(), z.unknown())

export function readStream({ body }: Response) {
  if (body === null) throw new Error('The answer has no body')
  const reader = body.getReader()
  let text = ''
  let hasEnded = false
  void (async () => {
    for (let bit = await reader.read(); !bit.done; bit = await reader.read())
      text += new TextDecoder().decode(bit.value)
    hasEnded = true
  })()

  return {
    /** The events that have arrived since the last call. */
    async events(): Promise<Told[]> {
      await settle()
      const arrived = text
      text = ''
      return arrived.split('\n\n').flatMap(toldOf)
    },
    hasEnded: async () => {
      await settle()
      return hasEnded
    },
    leave: () => reader.cancel(),
  }
}

function toldOf(block: string): Told[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  const [event, id, data] = [field('event'), field('id'), field('data')]
  if (event === undefined || data === undefined) return []
  return [{ event, id: id === undefined ? null : Number(id), data: anObject.parse(JSON.parse(data)) }]
}
