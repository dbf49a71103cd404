import { z } from 'zod'
import type { IdempotencyKey } from '../domain/receipt.ts'

const VISIBLE = /^[\x21-\x7e]{1,128}$/
/** A string by RFC 9651, section 3.3.3. */
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/

/** Both, as JSON Schema takes it. */
const PUBLISHED = String.raw`^(?:(?!")[!-~]{1,128}(?<!")|"(?:[!#-\[\]-~]|\\["\\]){1,128}")$`

/**
 * An Idempotency-Key from its header. The IETF draft (draft-ietf-httpapi-idempotency-key-header) quotes it and most
 * tills do not, so `"key"` and `key` are the same key.
 */
export const idempotencyKey = z
  .string()
  .transform((value, context): IdempotencyKey => {
    const isQuoted = value.startsWith('"') || value.endsWith('"')
    const key = isQuoted ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value
    if (isQuoted && !QUOTED.test(value)) {
      context.addIssue('must be in two quotes or in none, and within quotes a \\ must stand before each " and \\')
    } else if (!VISIBLE.test(key)) {
      context.addIssue('must be 1 to 128 visible ASCII characters')
    }
    return key as IdempotencyKey
  })
  .meta({
    description:
      'The name of the sale: 1 to 128 visible ASCII characters. In double quotes it is the same key. Keep it with the sale, and send it again with the same body: nothing is printed twice.',
    pattern: PUBLISHED,
  })
