import { type CertificateFault, certificateAdvice, certificateFault } from '@kkt/platform/peer_certificate.ts'

/** The codes of a Redis whose certificate does not prove that it is the right one, in the place of Redis' own. */
const UNTRUSTED = {
  unknown_authority: 'CERTIFICATE_OF_UNKNOWN_AUTHORITY',
  expired: 'CERTIFICATE_EXPIRED',
  not_yet_valid: 'CERTIFICATE_NOT_YET_VALID',
  another_host: 'CERTIFICATE_OF_ANOTHER_HOST',
} as const satisfies Record<CertificateFault, string>

/** The codes of failures whose remedy is known. */
export type AdvisedCode =
  | 'WRONGPASS'
  | 'NOAUTH'
  | 'NOPERM'
  | 'READONLY'
  | 'BADTOKEN'
  | (typeof UNTRUSTED)[CertificateFault]

const ADVICE: Readonly<Record<AdvisedCode, string>> = {
  WRONGPASS: 'Redis does not take the user or the password in REDIS_URL: correct it, and start again.',
  NOAUTH: 'Redis wants a password, and REDIS_URL has none: put it there, and start again.',
  NOPERM: 'The user in REDIS_URL may not run what the adapter needs: allow it that in Redis.',
  READONLY: 'This Redis only reads, as a replica does: name the one that writes in REDIS_URL.',
  BADTOKEN: 'The key kkt:{KKT_ID}:token holds no token: delete it.',
  CERTIFICATE_OF_UNKNOWN_AUTHORITY: onCertificate('unknown_authority'),
  CERTIFICATE_EXPIRED: onCertificate('expired'),
  CERTIFICATE_NOT_YET_VALID: onCertificate('not_yet_valid'),
  CERTIFICATE_OF_ANOTHER_HOST: onCertificate('another_host'),
}

function onCertificate(fault: CertificateFault): string {
  const told = certificateAdvice(fault, 'Redis', { ca: 'REDIS_CA_FILE', url: 'REDIS_URL' })
  return `${told.charAt(0).toUpperCase()}${told.slice(1)}.`
}

export const isAdvised = (code: string): code is AdvisedCode => Object.hasOwn(ADVICE, code)

/** The remedy for a failure of Redis, where its code says enough for one. */
export const redisAdvice = (code: string): string | null => (isAdvised(code) ? ADVICE[code] : null)

/** @returns null for a failure that is not about Redis' certificate */
export function untrustedCode(error: unknown): string | null {
  const fault = certificateFault(error)
  return fault === null ? null : UNTRUSTED[fault]
}
