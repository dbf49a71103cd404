import { z } from 'zod'
import type { Slip } from '../slip/blocks.ts'
import { slipBytes } from '../slip/escpos.ts'
import { slipPage } from '../slip/html.ts'
import { WIDTHS, type Width } from '../slip/layout.ts'
import { slipText } from '../slip/text.ts'

/** A slip says what somebody bought, or what the shop took: no cache keeps it, and a browser takes it for nothing else. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

const mustBeWidth = `must be ${WIDTHS.join(' or ')}`

/** The form of a slip. */
export const slipQuery = {
  format: z
    .enum(['text', 'html', 'escpos'])
    .default('text')
    .meta({ description: 'Plain text, a page to print, or bytes for a printer of receipts' }),
  width: z
    .string()
    .regex(/^\d+$/, mustBeWidth)
    .transform(Number)
    .pipe(z.literal(WIDTHS, mustBeWidth))
    .prefault('48')
    .meta({
      type: 'integer',
      pattern: undefined,
      description: 'The columns of a line: 32 on paper of 58 mm, 48 on paper of 80 mm',
      enum: [...WIDTHS],
    }),
}

export async function slipAnswer(
  slip: Slip,
  { format, width }: { format: 'text' | 'html' | 'escpos'; width: Width },
): Promise<Response> {
  if (format === 'text') return privateAnswer(slipText(slip, width), 'text/plain; charset=utf-8')
  if (format === 'escpos') return privateAnswer(await slipBytes(slip, width), 'application/octet-stream')
  const { page, policy } = await slipPage(slip, width)
  return privateAnswer(page, 'text/html; charset=utf-8', policy)
}

/** @param policy the one under which a browser shows it */
export function privateAnswer(body: string | Uint8Array<ArrayBuffer>, contentType: string, policy?: string): Response {
  const headers = new Headers({ ...HEADERS, 'content-type': contentType })
  if (policy !== undefined) headers.set('content-security-policy', policy)
  return new Response(body, { headers })
}
