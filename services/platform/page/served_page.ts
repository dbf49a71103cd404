/** Serving pages for people: one policy for all pages. */

/** Allows nothing from other hosts, nothing inline, and no text parsed as markup. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ')

/** Of each page and of each of its files. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

/** @param headers beside those of every page */
export const pageAnswer = (html: string, headers: Record<string, string> = {}) =>
  new Response(html, { headers: { ...PAGE_HEADERS, ...headers, 'content-type': 'text/html; charset=utf-8' } })
