import { ask, Refused } from '../kit/ask.ts'

/** A request that prints, as it is kept until its outcome is known. */
type Kept = { path: string; key: string; body: unknown }

/**
 * - `under_way`: asked, and not answered;
 * - `unclear`: the answer is missing or says that nothing is known, so only the same may be sent again;
 * - `refused`: nothing was printed.
 */
export type Sending<Answer> =
  | { kind: 'idle' }
  | { kind: 'under_way' }
  | { kind: 'unclear'; refused: Refused }
  | { kind: 'refused'; refused: Refused }
  | { kind: 'done'; answer: Answer }

/** Nothing was done. Behind any other answer of 500 and above there may be something. */
const NOTHING_DONE: ReadonlySet<string> = new Set(['kkt_refused', 'task_refused', 'kkt_silent', 'too_many_tasks'])

const isClear = ({ status, code }: Refused): boolean => NOTHING_DONE.has(code) || (status >= 400 && status < 500)

type SenderDeps<Answer> = {
  /** Where the request is kept, so that a page that is loaded again sends the same. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** The name under which it is kept. */
  name: string
  /** The language of the answers. */
  language: string
  onChange: (sending: Sending<Answer>) => void
  send?: typeof ask<Answer>
}

/** Sends a request that prints, once: until its outcome is known there is no other, and it keeps its key. */
export function createSender<Answer>({ storage, name, language, onChange, send = ask<Answer> }: SenderDeps<Answer>) {
  let isUnderWay = false

  async function sendKept(): Promise<void> {
    const kept = storage.getItem(name)
    if (kept === null || isUnderWay) return
    isUnderWay = true
    onChange({ kind: 'under_way' })
    const { path, key, body }: Kept = JSON.parse(kept)
    try {
      const headers = { 'idempotency-key': key, 'accept-language': language }
      const answer = await send(path, { method: 'POST', body, headers })
      storage.removeItem(name)
      onChange({ kind: 'done', answer })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (isClear(error)) storage.removeItem(name)
      onChange({ kind: isClear(error) ? 'refused' : 'unclear', refused: error })
    } finally {
      isUnderWay = false
    }
  }

  return {
    /** Sends a new request, unless one is kept: then that goes again. */
    async begin(path: string, body: unknown): Promise<void> {
      if (storage.getItem(name) === null) {
        const request: Kept = { path, key: newKey(), body }
        storage.setItem(name, JSON.stringify(request))
      }
      await sendKept()
    },
    /** Sends the kept request again, if there is one. */
    resume: sendKept,
  }
}

/** `crypto.randomUUID` is missing on a page that came over plain HTTP from another machine. */
export function newKey(): string {
  return `page-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')}`
}
