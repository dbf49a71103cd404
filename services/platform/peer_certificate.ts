/** Why a server's certificate does not prove that it is that server. Nothing was sent to it then. */
export type CertificateFault = 'unknown_authority' | 'expired' | 'not_yet_valid' | 'another_host'

const BY_CODE: readonly [RegExp, CertificateFault][] = [
  [/^CERT_HAS_EXPIRED$/, 'expired'],
  [/^CERT_NOT_YET_VALID$/, 'not_yet_valid'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'another_host'],
  [/^(UNABLE_TO_(VERIFY|GET)_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|CERT_UNTRUSTED|INVALID_CA)/, 'unknown_authority'],
]

/** Deno's `fetch` has no codes. */
const BY_DENOS_WORDS: readonly [RegExp, CertificateFault][] = [
  [/\bnot valid for name\b|\bNotValidForName\b/i, 'another_host'],
  [/\bexpired\b/i, 'expired'],
  [/\bnot valid yet\b|\bNotValidYet\b/i, 'not_yet_valid'],
  [/./, 'unknown_authority'],
]
const OF_DENO = /invalid peer certificate: (.*)/

/** @returns null for any other failure of a connection */
export function certificateFault(error: unknown): CertificateFault | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const told = BY_CODE.find(([codes]) => codes.test(code))
  if (told) return told[1]
  const cause = error.cause instanceof Error ? error.cause.message : ''
  const words = OF_DENO.exec(cause)?.[1]
  return words === undefined ? null : (BY_DENOS_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null)
}

/**
 * @param server what the sentence is about, such as `the OFD`
 * @param settings `ca`: the variable that names the file of its authority. `url`: the one with its address.
 */
export function certificateAdvice(
  fault: CertificateFault,
  server: string,
  { ca, url }: { ca: string; url: string },
): string {
  switch (fault) {
    case 'unknown_authority':
      return `the certificate of ${server} is from an authority that is not trusted here: set ${ca} to the file of that authority's certificate`
    case 'expired':
      return `the certificate of ${server} has expired: have it renewed there, or check the clock of this machine`
    case 'not_yet_valid':
      return `the certificate of ${server} is not valid yet: check the clock of this machine`
    case 'another_host':
      return `the certificate of ${server} is another host's: set ${url} to the name that it has in its certificate`
  }
}
