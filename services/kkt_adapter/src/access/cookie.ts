export type CookieOptions = {
  /** Adapters of one machine share its cookies, whatever their ports are, so each KKT has its own. */
  kktId: string
  /** Whether the adapter speaks TLS. */
  isSecure: boolean
}

/** The cookie of a page's token: it ends with the browser, no script reads it, and no other site's page sends it along. */
export function createCookie({ kktId, isSecure }: CookieOptions) {
  const name = `kkt_token_${kktId}`
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    /** @param token null to forget it */
    with: (token: string | null): string =>
      token === null ? `${name}=; Max-Age=0; ${attributes}` : `${name}=${token}; ${attributes}`,
    /** The token in a request's header, or null. */
    read(header: string | null): string | null {
      for (const pair of header?.split(';') ?? []) {
        const [key, value = ''] = pair.trim().split('=')
        if (key === name && value !== '') return value
      }
      return null
    },
  }
}

export type Cookie = ReturnType<typeof createCookie>
