import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_LOGIN_BYTES } from '../login_routes.ts'

const TAG = 'Access'
const OPERATOR = { name: 'office', role: 'operator', pos_ids: null }

export const loginEntries: Book['operations'] = {
  'GET /v1/kkt/login': {
    tag: TAG,
    summary: 'Whose token this is',
    access: 'any',
    answers: { 200: { description: 'The name and the rights. All null without tokens.', example: OPERATOR } },
  },
  'POST /v1/kkt/login': {
    tag: TAG,
    summary: 'Log a page in',
    description:
      "It takes an operator's token. The browser keeps it in a cookie that no script reads. An adapter without tokens needs none.",
    access: 'open',
    body: {
      description: 'The token.',
      limitBytes: MAX_LOGIN_BYTES,
      examples: { 'A token as make_token.ts prints it': { token: 'kkt_n0tAT0ken' } },
    },
    answers: {
      200: {
        description: 'It is logged in.',
        headers: { 'Set-Cookie': 'The token: HttpOnly, SameSite=Strict, and Secure over TLS.' },
        example: OPERATOR,
      },
    },
    problems: ['token_unknown', 'too_many_wrong_tokens', 'not_allowed'],
  },
  'POST /v1/kkt/logout': {
    tag: TAG,
    summary: 'Log a page out',
    access: 'open',
    answers: { 200: { description: 'The browser forgets the token.', example: { status: 'logged_out' } } },
  },
}
