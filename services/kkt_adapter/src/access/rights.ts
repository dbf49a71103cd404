import type { Role } from './tokens.ts'

/**
 * The routes that need no token. `health` tells more to a client with one. The page, its scripts and the documents hold
 * nothing of the shop's.
 */
const OPEN = [
  'GET /',
  'GET /receipts/*',
  'GET /_page/*',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /v1/health',
  'POST /v1/kkt/login',
  'POST /v1/kkt/logout',
]
const OF_TILLS = [
  'GET /v1/kkt/login',
  'POST /v1/kkt/receipt',
  'GET /v1/kkt/receipts',
  'GET /v1/kkt/receipt/*',
  'GET /v1/kkt/receipt/*/slip',
  'GET /v1/kkt/receipt/*/qr.svg',
  'POST /v1/pos/refund',
  'POST /v1/kkt/correction',
  'GET /v1/kkt/correction/*',
]
const OF_METRICS = ['GET /v1/kkt/login', 'GET /metrics']

/** A route that is named nowhere is an operator's. */
const MAY_USE: Readonly<Record<Exclude<Role, 'operator'>, readonly string[]>> = { till: OF_TILLS, metrics: OF_METRICS }

/** @param path of the request, as the app's routes are found by */
export const isOpen = (method: string, path: string): boolean => OPEN.some((route) => fits(route, method, path))

export const mayUse = (role: Role, method: string, path: string): boolean =>
  role === 'operator' || MAY_USE[role].some((route) => fits(route, method, path))

/** A star stands for one part of a path, as a parameter of a route does. */
function fits(route: string, method: string, path: string): boolean {
  const [asked = '', pattern = ''] = route.split(' ')
  if (asked !== method) return false
  const wanted = pattern.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length && wanted.every((part, i) => (part === '*' ? given[i] !== '' : part === given[i]))
  )
}
