import { createHash, timingSafeEqual } from 'node:crypto'
import { noAccess } from './errors.ts'

export type Account = { login: string; password: string }

const digestOf = (text: string) => createHash('sha256').update(text).digest()

/**
 * HTTP Basic (RFC 7617) with the service's one account.
 * @returns a function that throws ServiceError 401 for a request without it
 */
export function createAuth({ login, password }: Account): (request: Pick<Request, 'headers'>) => void {
  const wanted = digestOf(`${login}:${password}`)
  return ({ headers }) => {
    const [, given = ''] = /^basic +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
    // Digests have one length, so that the time tells nothing of the account.
    if (!timingSafeEqual(digestOf(Buffer.from(given, 'base64').toString()), wanted)) throw noAccess()
  }
}
