/** Serving pages for people: one policy for all pages, and the files that they share. */
import { Problem } from '../problem.ts'
import base from './base.css' with { type: 'text' }
import copy from './copy.js' with { type: 'text' }
import dom from './dom.js' with { type: 'text' }
import icon from './icon.svg' with { type: 'text' }

/** A page's files by their names. */
export type PageFiles = ReadonlyMap<string, { text: string; type: string }>

export const script = (text: string) => ({ text, type: 'text/javascript; charset=utf-8' })
export const styles = (text: string) => ({ text, type: 'text/css; charset=utf-8' })

export const SHARED_FILES: PageFiles = new Map([
  ['base.css', styles(base)],
  ['copy.js', script(copy)],
  ['dom.js', script(dom)],
  ['icon.svg', { text: icon, type: 'image/svg+xml; charset=utf-8' }],
])

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

/** @throws Problem 404 for another name */
export function fileAnswer(files: PageFiles, name: string): Response {
  const found = files.get(name) ?? SHARED_FILES.get(name)
  if (!found) throw new Problem(404, 'no_such_route', 'The page has no such file.')
  return new Response(found.text, { headers: { ...PAGE_HEADERS, 'content-type': found.type } })
}
