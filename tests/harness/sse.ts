import { streamEvent, type Told } from './wire_stream.ts'

/** The adapter's events have a few kilobytes at most. */
const MAX_EVENT_CHARACTERS = 1024 * 1024

/**
 * The events of a stream (`text/event-stream`) as they arrive. A comment is nothing.
 * @param heard called with each piece that arrives, comments included
 * @throws Error for an event that breaks the contract, and when the stream breaks off
 */
export async function* eventsOf(body: AsyncIterable<Uint8Array>, heard = () => {}): AsyncGenerator<Told> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    heard()
    text += decoder.decode(bytes, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    if (text.length > MAX_EVENT_CHARACTERS) throw new Error('An event of the stream has no end')
    for (const block of blocks) {
      const fields = fieldsOf(block)
      if (fields.size > 0) yield toldOf(fields)
    }
  }
}

const fieldsOf = (block: string): Map<string, string> =>
  new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
      }),
  )

function toldOf(fields: Map<string, string>): Told {
  const id = fields.get('id')
  return streamEvent.parse({
    event: fields.get('event'),
    id: id === undefined ? null : Number(id),
    data: JSON.parse(fields.get('data') ?? 'null'),
  })
}
