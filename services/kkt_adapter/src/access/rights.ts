import type { Role } from './tokens.ts'

type Route = { method: string; parts: readonly string[] }

/**
 * The routes that need no token. `health` tells more to a client with one. The page, its scripts and the documents hold
 * nothing of the shop's.
 */
const OPEN = routes(
  'GET /',
  'GET /day',
  'GET /receipts/*',
  'GET /_page/*',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /v1/health',
  'POST /v1/kkt/login',
  'POST /v1/kkt/logout',
)
const OF_TILLS = routes(
  'GET /v1/kkt/login',
  'POST /v1/kkt/receipt',
  'GET /v1/kkt/receipts',
  'GET /v1/kkt/receipt/*',
  'GET /v1/kkt/receipt/*/slip',
  'GET /v1/kkt/receipt/*/qr.svg',
  'POST /v1/kkt/receipt/*/copy',
  'POST /v1/pos/refund',
  'POST /v1/kkt/correction',
  'GET /v1/kkt/correction/*',
  'GET /v1/kkt/shift',
  'GET /v1/kkt/shift/sales',
  'POST /v1/kkt/shift/open',
  'POST /v1/kkt/shift/close',
  'POST /v1/kkt/z_report',
  'POST /v1/kkt/x_report',
  'GET /v1/kkt/shifts',
  'GET /v1/kkt/shifts/*/*/slip',
  'POST /v1/kkt/cash/in',
  'POST /v1/kkt/cash/out',
  'GET /v1/kkt/tasks',
  'GET /v1/kkt/task/*',
  'GET /v1/kkt/task/*/slip',
)
const OF_METRICS = routes('GET /v1/kkt/login', 'GET /metrics')

/** A route that is named nowhere is an operator's. */
const MAY_USE: Readonly<Record<Exclude<Role, 'operator'>, readonly Route[]>> = { till: OF_TILLS, metrics: OF_METRICS }

/** @param path of the request, as the app's routes are found by */
export function routeOf(method: string, path: string): Route {
  return { method, parts: path.split('/') }
}

export const isOpen = (asked: Route): boolean => OPEN.some((route) => fits(route, asked))

export const mayUse = (role: Role, asked: Route): boolean =>
  role === 'operator' || MAY_USE[role].some((route) => fits(route, asked))

/** A star stands for one part of a path, as a parameter of a route does. */
const fits = ({ method, parts }: Route, asked: Route): boolean =>
  method === asked.method &&
  parts.length === asked.parts.length &&
  parts.every((part, i) => (part === '*' ? asked.parts[i] !== '' : part === asked.parts[i]))

/** Takes them apart once, and not at each request. */
function routes(...texts: readonly string[]): Route[] {
  return texts.map((text) => {
    const [method = '', path = ''] = text.split(' ')
    return routeOf(method, path)
  })
}
