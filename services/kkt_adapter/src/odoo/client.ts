import { readAnswer } from '@kkt/platform/bounded.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { z } from 'zod'
import type { HeartbeatBody } from './heartbeat.ts'

/** A heartbeat that takes longer than this counts as lost. */
export const HEARTBEAT_TIMEOUT_MS = 5000

const accepted = z.object({ status: z.literal('accepted') })

/** Posts heartbeats to Odoo, never through a proxy. Resolves to whether Odoo accepted one; never rejects. */
export function createOdooClient({ url, timeoutMs }: { url: string; timeoutMs: number }) {
  const heartbeats = `${url.replace(/\/+$/, '')}/api/v1/kkt/heartbeat`
  return async (body: HeartbeatBody, signal: AbortSignal): Promise<boolean> => {
    const request = new Request(heartbeats, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    try {
      // Odoo's machine may have been restarted since the last heartbeat, so a kept connection may be dead.
      const response = await fetchOver(request, 'fresh')
      const answer = await readAnswer(response)
      return response.ok && accepted.safeParse(JSON.parse(answer)).success
    } catch {
      return false
    }
  }
}
