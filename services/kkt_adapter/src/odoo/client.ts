import { ofetch } from 'ofetch'
import { z } from 'zod'
import type { HeartbeatBody } from './heartbeat.ts'

/** A heartbeat that takes longer than this, or than the interval between two, counts as lost. */
const TIMEOUT_MS = 5000

const accepted = z.object({ status: z.literal('accepted') })

/** Posts heartbeats to Odoo. Resolves to whether Odoo accepted it; never rejects. */
export function createOdooClient(options: { url: string; intervalMs: number }) {
  const timeoutMs = Math.min(TIMEOUT_MS, options.intervalMs)
  return async (body: HeartbeatBody, signal: AbortSignal): Promise<boolean> => {
    try {
      const answer = await ofetch('/api/v1/kkt/heartbeat', {
        baseURL: options.url,
        method: 'POST',
        body,
        retry: false,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      return accepted.safeParse(answer).success
    } catch {
      return false
    }
  }
}
