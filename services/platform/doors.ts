import { isIPv4, isIPv6 } from 'node:net'
import { languageOf } from './language.ts'
import { Problem } from './problem.ts'
import type { Handle } from './serve.ts'
import { inEach } from './words/words.ts'

/** The names and pages that a service answers to, besides loopback names, addresses and its own pages. */
export type Doors = {
  /** Names of the service's machine or container, without a port, in lower case. */
  hosts: readonly string[]
  /** Origins whose pages may change something, exactly as browsers send them. */
  origins: readonly string[]
}

/** These change nothing, and a browser lets no foreign page read their answers. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A host with or without a port. An IPv6 address is in brackets. */
const AUTHORITY = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/

/**
 * Keeps hostile pages in a browser of the shop's network away from a service. It refuses a request for a foreign name,
 * because a page may have its own name resolved to this machine (DNS rebinding) and then counts as a page of this
 * service. That takes a name, so any address is let in. It refuses changes that a page of another origin asks for.
 */
export function behindDoors(handle: Handle, doors: Doors): Handle {
  const names = new Set(['localhost', ...doors.hosts])
  const origins = new Set(doors.origins)
  /** Most requests name the same host as the one before. */
  let latestKnown = 'localhost'

  function isKnown(authority: string): boolean {
    if (authority !== latestKnown && !isNamed(authority, names)) return false
    latestKnown = authority
    return true
  }

  function refusal({ url, method, headers }: Request): Problem | null {
    const asked = authorityOf(url)
    const host = headers.get('host') || asked
    if (!isKnown(host) || (host !== asked && !isKnown(asked))) return unknownHost()
    if (SAFE_METHODS.has(method)) return null
    const origin = headers.get('origin')
    if (origin !== null && origins.has(origin)) return null
    const isOfAnotherSite = headers.get('sec-fetch-site') === 'cross-site'
    return isOfAnotherSite || (origin !== null && !isAt(origin, host)) ? foreignOrigin() : null
  }

  return (request) => refusal(request)?.toAnswer(languageOf(request.headers.get('accept-language'))) ?? handle(request)
}

/** The host and the port in an absolute URL. In one without a path a query stays with them, and makes them unknown. */
function authorityOf(url: string): string {
  const start = url.indexOf('//') + 2
  const end = url.indexOf('/', start)
  return url.slice(start, end === -1 ? undefined : end)
}

function isNamed(authority: string, names: ReadonlySet<string>): boolean {
  const [, address, name] = AUTHORITY.exec(authority.toLowerCase()) ?? []
  if (address !== undefined) return isIPv6(address)
  return name !== undefined && (names.has(name) || name.endsWith('.localhost') || isIPv4(name))
}

/** Behind a proxy that ends TLS, a page's scheme is not the one in which the service is asked. */
const isAt = (origin: string, host: string) => origin === `http://${host}` || origin === `https://${host}`

const unknownHost = () =>
  new Problem(
    421,
    'unknown_host',
    inEach((words) => words.unknownHost()),
  )

const foreignOrigin = () =>
  new Problem(
    403,
    'foreign_origin',
    inEach((words) => words.foreignOrigin()),
  )
