import { describe, expect, test } from 'bun:test'
import { Refused } from '../kit/ask.ts'
import { createSender, type Sending } from './sending.ts'

type Answer = { receipt_id: string }
type Outcome = () => Promise<Answer>

const done: Outcome = async () => ({ receipt_id: 'R1' })
const refused = (status: number, code: string) => async (): Promise<Answer> => {
  throw new Refused(code, 'no', [], status)
}

/** Pages of one browser, one after the other, and the keys that the adapter was sent. */
function browser() {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  }
  const sent: { key: string | undefined; body: unknown }[] = []
  const page = (outcome: Outcome) => {
    const states: Sending<Answer>['kind'][] = []
    const sender = createSender<Answer>({
      storage,
      name: 'refund R0',
      language: 'ru',
      onChange: ({ kind }) => states.push(kind),
      send: async (_path, { body, headers } = {}) => {
        sent.push({ key: headers?.['idempotency-key'], body })
        return await outcome()
      },
    })
    return { ...sender, states }
  }
  return { page, sent, kept }
}

describe('a request that prints', () => {
  test('is sent once, however often its button is clicked', async () => {
    const { page, sent, kept } = browser()
    const { begin, states } = page(done)
    await Promise.all([begin('/', 1), begin('/', 2)])
    expect([sent.map(({ body }) => body), states, kept.size]).toEqual([[1], ['under_way', 'done'], 0])
  })

  test('goes again with its key from the page after it, and another one has another key', async () => {
    const { page, sent, kept } = browser()
    void page(() => new Promise(() => undefined)).begin('/', 1)
    const after = page(done)
    await after.resume()
    await after.resume()
    expect([sent.length, sent[1], kept.size]).toEqual([2, sent[0], 0])
    await after.begin('/', 1)
    expect(sent[2]?.key).not.toBe(sent[0]?.key)
  })

  test.each([
    ['without an answer', 0, 'unreachable', 'unclear'],
    ['after a 500', 500, 'internal_error', 'unclear'],
    ['after a 503', 503, 'buffer_full', 'unclear'],
    ['after a 409', 409, 'refund_exceeds', 'refused'],
    ['after a refusal of the KKT', 502, 'kkt_refused', 'refused'],
    ['after the refusal of a task', 502, 'task_refused', 'refused'],
    ['where the KKT was not even asked', 503, 'kkt_silent', 'refused'],
    ['where too much waits for the KKT', 503, 'too_many_tasks', 'refused'],
  ] as const)('%s is kept only where it may have printed', async (_what, status, code, kind) => {
    const { page, sent } = browser()
    const { begin, states } = page(refused(status, code))
    await begin('/', 1)
    await begin('/', 2)
    expect(states).toEqual(['under_way', kind, 'under_way', kind])
    expect(sent[1]?.key === sent[0]?.key).toBe(kind === 'unclear')
  })
})
