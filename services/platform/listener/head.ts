import type { Problem } from '../problem.ts'
import { refusals } from './refusals.ts'

/** How the end of a request's body is recognised. */
export type Framing = { kind: 'none' } | { kind: 'sized'; bytes: number } | { kind: 'chunked' }

/** Keyed by lower-case name. The values of repeated lines are joined by commas. */
export type Fields = Readonly<Record<string, string>>

export type Head = {
  method: string
  /** Absolute. */
  url: string
  fields: Fields
  framing: Framing
  isHttp10: boolean
  /** The client wants this answer to be the last on the connection. */
  isLast: boolean
  /** The client sends its body only after `100 Continue`. */
  waitsToGoOn: boolean
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+"
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~]+) HTTP/(\\d)\\.(\\d)$`)
const FIELD = `${TOKEN}:[\\t -~\\x80-\\xff]*`
const FIELD_LINES = new RegExp(`^(?:\\r\\n${FIELD})*$`)
const FIELD_LINE = new RegExp(`^${FIELD}$`)
/** From RFC 3986. A Host with other characters could contain a path. */
const HOST = /^[A-Za-z0-9._~%!$&'()*+,;=:[\]-]*$/

/**
 * Reads a request line and field lines by RFC 9112. Refuses a head that two readers could understand in two ways.
 * @param text up to the empty line, each byte as one character
 */
export function readHead(text: string): Head | Problem {
  const end = text.indexOf('\r\n')
  const [requestLine, fieldLines] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)]
  const [, method = '', target = '', major = '', minor = ''] = REQUEST_LINE.exec(requestLine) ?? []
  if (!method) return refusals.malformed('its first line is not "METHOD TARGET HTTP/1.1"')
  if (major !== '1') return refusals.malformed(`HTTP/${major}.${minor} is not spoken here`)
  const isHttp10 = minor === '0'
  if (!FIELD_LINES.test(fieldLines)) return refusals.malformed('one of its header lines is not "name: value"')
  const fields = readFields(fieldLines)
  const framing = framingOf(fields, isHttp10)
  if (framing === null) return refusals.malformed('where its body ends is not clear')
  if (method === 'CONNECT' || target === '*') return refusals.noProxy()
  const url = urlOf(target, fields, isHttp10)
  if (url === null) return refusals.malformed('it does not name one host')
  const connection = tokensOf(fields['connection'])
  return {
    method,
    url,
    fields,
    framing,
    isHttp10,
    isLast: isHttp10 ? !connection.includes('keep-alive') : connection.includes('close'),
    waitsToGoOn: !isHttp10 && framing.kind !== 'none' && tokensOf(fields['expect']).includes('100-continue'),
  }
}

/** @param line without its CRLF, each byte as one character */
export const isFieldLine = (line: string): boolean => FIELD_LINE.test(line)

/** @param lines each preceded by CRLF */
function readFields(lines: string): Fields {
  const fields: Record<string, string> = Object.create(null)
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(':', at)
    const next = lines.indexOf('\r\n', colon)
    const end = next < 0 ? lines.length : next
    const name = lines.slice(at + 2, colon).toLowerCase()
    const value = withoutSpace(lines, colon + 1, end)
    const earlier = fields[name]
    fields[name] = earlier === undefined ? value : `${earlier}, ${value}`
    at = end
  }
  return fields
}

/** Trims only spaces and tabs. `trim` would also remove bytes of UTF-8 characters. */
function withoutSpace(text: string, from: number, to: number): string {
  let [first, end] = [from, to]
  while (first < end && isSpace(text.charCodeAt(first))) first += 1
  while (first < end && isSpace(text.charCodeAt(end - 1))) end -= 1
  return text.slice(first, end)
}

const isSpace = (code: number): boolean => code === 32 || code === 9

/** RFC 9112, 6.3. @returns null for an ambiguous head */
function framingOf(fields: Fields, isHttp10: boolean): Framing | null {
  const encoding = fields['transfer-encoding']
  const length = fields['content-length']
  if (encoding !== undefined) {
    const isClear = length === undefined && !isHttp10 && encoding.toLowerCase() === 'chunked'
    return isClear ? { kind: 'chunked' } : null
  }
  if (length === undefined) return { kind: 'none' }
  if (!/^\d+$/.test(length)) return null
  const bytes = Number(length)
  return bytes === 0 ? { kind: 'none' } : { kind: 'sized', bytes }
}

function urlOf(target: string, { host }: Fields, isHttp10: boolean): string | null {
  if (host === undefined ? !isHttp10 : !HOST.test(host)) return null
  const url = target.startsWith('/') ? `http://${host || 'localhost'}${target}` : target
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null
}

const tokensOf = (value = ''): string[] =>
  value === ''
    ? []
    : value
        .toLowerCase()
        .split(',')
        .map((token) => token.trim())
