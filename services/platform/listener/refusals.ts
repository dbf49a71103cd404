import { Problem } from '../problem.ts'
import { PLATFORM_WORDS } from '../words/words.ts'

const AGAIN = 'Send the request again with the same key.'
const SOON = { 'retry-after': '1' }

/** Answers to clients whose request never reached a handler. They are in English: the headers may be missing. */
export const refusals = {
  connectionsFull: () => new Problem(503, 'too_many_connections', `Too many connections are open. ${AGAIN}`, SOON),
  bodiesFull: () =>
    new Problem(503, 'too_many_bodies', `The bodies being received fill the memory set aside for them. ${AGAIN}`, SOON),
  late: () => new Problem(408, 'too_slow', `The request did not arrive in time. ${AGAIN}`),
  headTooLarge: (limitBytes: number) =>
    new Problem(
      431,
      'head_too_large',
      `The request's head is larger than ${limitBytes} bytes. Send fewer or shorter headers.`,
    ),
  bodyTooLarge: (limitBytes: number) => new Problem(413, 'body_too_large', PLATFORM_WORDS.en.bodyTooLarge(limitBytes)),
  malformed: (what: string) =>
    new Problem(
      400,
      'malformed_request',
      `The request is not valid HTTP/1.1 (RFC 9112): ${what}. Nothing was changed.`,
    ),
  noProxy: () => new Problem(405, 'method_not_allowed', 'This server is not a proxy.', { allow: 'GET, POST' }),
}
