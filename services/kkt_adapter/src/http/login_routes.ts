import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { type Holder, ROLES } from '../access/tokens.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf, wrongToken } from './callers.ts'

/** A token has fewer than 64 characters. */
export const MAX_LOGIN_BYTES = 4096
const MAX_TOKEN_CHARACTERS = 256

const takesToken = `takes the text of a token, at most ${MAX_TOKEN_CHARACTERS} characters`

const whose = z.object({
  name: z.string().nullable().meta({ description: "The token's name. Null without tokens" }),
  role: z.enum(ROLES).nullable().meta({ description: 'What it may do. Null without tokens' }),
  pos_ids: z
    .array(z.string())
    .nullable()
    .meta({ description: 'The tills that it may sell for, and whose receipts it sees. Null for all' }),
})

/** A page cannot keep a token safe from its own scripts, so the browser keeps it in a cookie that no script reads. */
export const loginRoutes = ({ access, logger }: { access: Access; logger: Logger }) =>
  new Elysia({ name: 'login' })
    .get(
      '/v1/kkt/login',
      ({ request }) => {
        const caller = callerOf(access, request)
        return caller.kind === 'anyone' ? NOBODYS : shown(caller.holder)
      },
      { response: { 200: whose } },
    )
    .post(
      '/v1/kkt/login',
      ({ request, body: { token }, set }) => {
        const tried = access.tryToken(request, token)
        if (tried.kind === 'wrong') throw wrongToken(tried)
        if (tried.kind === 'not_needed') return NOBODYS
        const { holder } = tried
        if (holder.role !== 'operator') throw adapterProblem.roleNotAllowed(holder.role)
        logger.info('logged_in', { by: actorOf({ kind: 'holder', holder, address: access.addressOf(request) }).who })
        set.headers['set-cookie'] = access.cookieWith(token)
        return shown(holder)
      },
      {
        parse: jsonBody(MAX_LOGIN_BYTES),
        // A strict object would name an unknown field, which may be a token.
        body: z.object({
          token: z
            .string(takesToken)
            .trim()
            .min(1, takesToken)
            .max(MAX_TOKEN_CHARACTERS, takesToken)
            .meta({ description: "An operator's token" }),
        }),
        response: {
          200: whose,
          400: problemDocument,
          401: problemDocument,
          403: problemDocument,
          413: problemDocument,
          422: problemDocument,
          429: problemDocument,
        },
      },
    )
    .post(
      '/v1/kkt/logout',
      ({ set }) => {
        set.headers['set-cookie'] = access.cookieWith(null)
        return { status: 'logged_out' as const }
      },
      {
        response: {
          200: z.object({ status: z.literal('logged_out').meta({ description: 'The browser forgets the token' }) }),
        },
      },
    )

/** Where there are no tokens. */
const NOBODYS = { name: null, role: null, pos_ids: null }

const shown = (holder: Holder): z.input<typeof whose> => ({
  name: holder.name,
  role: holder.role,
  pos_ids: holder.role === 'till' ? [...holder.posIds] : null,
})
