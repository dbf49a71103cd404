import { readAnswer } from '@kkt/platform/bounded.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import type { Logger } from '@kkt/platform/logger.ts'

/** A client that takes longer has not been told. */
const CALLBACK_TIMEOUT_MS = 10_000

export type Tell = (url: string, body: object) => Promise<void>

/** Posts the results of a request to its client, once. Never rejects. */
export const tellClient =
  (logger: Logger): Tell =>
  async (url, body) => {
    try {
      const request = new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
      })
      const response = await fetchOver(request, 'fresh')
      await readAnswer(response)
      logger.debug('callback_answered', { status: response.status })
    } catch {
      logger.debug('callback_unanswered', {})
    }
  }
