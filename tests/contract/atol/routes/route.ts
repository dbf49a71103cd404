import type { z } from 'zod'
import { httpError } from '../answers.ts'
import { SALE } from '../fixtures/fixture.ts'

export type Account = 'right' | 'wrong' | 'none'

export type Asked = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** `right` where left out. */
  as?: Account
  body?: unknown
}

/** `statuses`: any of them. `code` is that of an error's body. */
export type Answered = { statuses: readonly number[]; body?: z.ZodType; has?: object; code?: number }

/** One conversation with a register that starts with its default device, or with none. */
export type Route = {
  says: string
  device?: 'none'
  talk: readonly (readonly [Asked, Answered])[]
}

export const API = '/api/v2'
export const UUID = '0ba40014-5fa5-11ea-b5e9-037d4786a49d'
export const OTHER_UUID = '1ba40014-5fa5-11ea-b5e9-037d4786a49d'
export const REQUEST = { uuid: UUID, request: [SALE] }

export const get = (path: string): Asked => ({ method: 'GET', path })
export const post = (path: string, body?: unknown): Asked => ({
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
})
export const put = (path: string, body: unknown): Asked => ({ method: 'PUT', path, body })
export const remove = (path: string): Asked => ({ method: 'DELETE', path })

export const is = (status: number, body?: z.ZodType, has?: object): Answered => ({
  statuses: [status],
  ...(body ? { body } : {}),
  ...(has ? { has } : {}),
})
export const refused = (...statuses: readonly number[]): Answered => ({ statuses, body: httpError })
