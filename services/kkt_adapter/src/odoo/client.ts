import { ofetch } from 'ofetch'
import { z } from 'zod'
import type { HeartbeatBody } from './heartbeat.ts'

/** A heartbeat that takes longer than this counts as lost. */
export const HEARTBEAT_TIMEOUT_MS = 5000

const accepted = z.object({ status: z.literal('accepted') })

/** Posts heartbeats to Odoo. Resolves to whether Odoo accepted it; never rejects. */
export function createOdooClient({ url, timeoutMs }: { url: string; timeoutMs: number }) {
  return async (body: HeartbeatBody, signal: AbortSignal): Promise<boolean> => {
    try {
      const answer = await ofetch('/api/v1/kkt/heartbeat', {
        baseURL: url,
        method: 'POST',
        body,
        retry: false,
        // Odoo's machine may have been restarted since the last one: a connection that was kept may be dead.
        keepalive: false,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      return accepted.safeParse(answer).success
    } catch {
      return false
    }
  }
}
