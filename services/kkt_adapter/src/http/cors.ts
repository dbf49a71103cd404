import { methodsAt } from '@kkt/platform/error_answers.ts'
import type { Handle } from '@kkt/platform/serve.ts'

/** How long a browser may keep a preflight's answer: no sale should wait for a second request. */
const MAX_AGE_SECONDS = '600'
const REQUEST_HEADERS = 'Authorization, Idempotency-Key, Content-Type, Last-Event-ID'
const ANSWER_HEADERS = 'Idempotency-Replayed, Retry-After, Server-Timing'

type Route = { method: string; path: string }

/**
 * Lets pages of these origins use the adapter from a browser (the Fetch standard's CORS protocol).
 * It wraps the whole app, because a page has to read problem answers and streams too. `@elysiajs/cors` is not used: its
 * hooks leave out answers that an error handler makes, and it answers preflights for paths that have no route.
 * @param origins exact origins; without any the app is left as it is
 */
export function withCors(handle: Handle, origins: readonly string[], routes: readonly Route[]): Handle {
  if (origins.length === 0) return handle
  const known = new Set(origins)

  return async (request) => {
    const origin = request.headers.get('origin')
    const isKnown = origin !== null && known.has(origin)
    const answer = (isKnown ? preflightAnswer(request, routes) : null) ?? (await handle(request))
    // Caches must not give one origin's answer to another.
    answer.headers.append('vary', 'Origin')
    if (isKnown) {
      answer.headers.set('access-control-allow-origin', origin)
      answer.headers.set('access-control-expose-headers', ANSWER_HEADERS)
    }
    return answer
  }
}

/** Null for any other request, and for a path without a route. */
function preflightAnswer(request: Request, routes: readonly Route[]): Response | null {
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return null
  const methods = methodsAt(new URL(request.url).pathname, routes)
  if (methods.length === 0) return null
  const headers = {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': MAX_AGE_SECONDS,
  }
  return new Response(null, { status: 204, headers })
}
