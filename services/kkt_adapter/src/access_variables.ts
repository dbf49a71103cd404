import type { CertificateFiles } from '@kkt/platform/certificate.ts'
import { isLoopback } from '@kkt/platform/hosts.ts'
import { oneOf } from '@kkt/platform/settings.ts'
import { z } from 'zod'

/** The settings of the clients' way to the adapter: tokens, origins of pages, TLS. */
export const accessVariables = {
  OPEN_ACCESS: oneOf(['true', 'false']).default('false'),
  API_TOKENS: z.string().optional(),
  API_TOKENS_FILE: z.string().optional(),
  CORS_ORIGINS: z.string().transform(originsIn).optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
}

type Variables = z.output<z.ZodObject<typeof accessVariables>>

/** Browsers send an origin in exactly this form, so that any other would never be met. `*` is none. */
function originsIn(list: string, context: z.RefinementCtx): string[] {
  const origins = list.split(',').map((origin) => origin.trim())
  const isOrigin = (text: string) => /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
  if (!origins.every(isOrigin)) {
    const message =
      'takes origins with commas between them, each as a browser sends it: scheme, host, and the port unless it is the usual one, such as https://till.example,http://192.168.0.5:3000'
    context.addIssue({ code: 'custom', message })
  }
  return origins
}

/** Null without TLS. */
export const certificateFiles = ({ TLS_CERT_FILE, TLS_KEY_FILE }: Variables): CertificateFiles | null =>
  TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined ? null : { certFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE }

/** Null without tokens. */
export function tokenSource({ API_TOKENS: text, API_TOKENS_FILE: path }: Variables) {
  if (path !== undefined) return { kind: 'file', path } as const
  return text === undefined ? null : ({ kind: 'text', text } as const)
}

/** Contradictions as config.ts tells them. */
export function* accessContradictions(
  v: Variables & { HOST: string },
): Generator<['HOST' | keyof typeof accessVariables, string]> {
  if (v.API_TOKENS !== undefined && v.API_TOKENS_FILE !== undefined) {
    yield ['API_TOKENS_FILE', 'takes a file only where API_TOKENS is not set']
  }
  if (!isLoopback(v.HOST) && v.OPEN_ACCESS === 'false' && tokenSource(v) === null) {
    yield [
      'HOST',
      'takes 127.0.0.1 or another loopback address: beyond it everyone who reaches the port may sell, refund, and read all receipts. API_TOKENS_FILE gives each client a token, and OPEN_ACCESS=true allows everyone',
    ]
  }
  if ((v.TLS_CERT_FILE === undefined) !== (v.TLS_KEY_FILE === undefined)) {
    const missing = v.TLS_CERT_FILE === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE'
    yield [missing, 'takes a file in PEM form (TLS needs TLS_CERT_FILE and TLS_KEY_FILE, or neither)']
  }
}
