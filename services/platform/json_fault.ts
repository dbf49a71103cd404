/** JSON's tokens, each behind any white space. A text holds no control character. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy

/** The kinds of token that may come next. An `end` is the bracket that closes the innermost object or list. */
type Expected = 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'colon' | 'comma_or_end' | 'nothing'

/** `{`, `}`, `[`, `]`, `,` or `:`; `text`, which may be a key; `value` for a number, true, false and null. */
type Kind = string

/**
 * Finds the line of a text in which it stops being JSON. The runtimes' own errors do not all tell it.
 * @returns from 1; null for one whole JSON document
 */
export function lineOfJsonFault(text: string): number | null {
  const closers: string[] = []
  let expected: Expected = 'value'
  let at = 0
  while (expected !== 'nothing') {
    TOKEN.lastIndex = at
    const [token, sign, key] = TOKEN.exec(text) ?? []
    const next: Expected | null =
      token === undefined ? null : after(expected, sign ?? (key === undefined ? 'value' : 'text'), closers)
    if (token === undefined || next === null) return lineAt(text, at)
    at += token.length
    expected = next
  }
  return /^[ \t\r\n]*$/.test(text.slice(at)) ? null : lineAt(text, at)
}

/** The line of the first character from here on that is no white space, or of the end. */
function lineAt(text: string, at: number): number {
  const blank = /^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0
  return text.slice(0, at + blank).split('\n').length
}

/**
 * @param closers the brackets that are to come, the innermost last
 * @returns the kinds that may come behind the token; null when it may not stand there
 */
function after(expected: Expected, kind: Kind, closers: string[]): Expected | null {
  if (kind === '}' || kind === ']')
    return expected.endsWith('_or_end') && closers.pop() === kind ? behind(closers) : null
  if (expected.startsWith('value')) return afterValue(kind, closers)
  if (expected.startsWith('key')) return kind === 'text' ? 'colon' : null
  if (expected === 'colon') return kind === ':' ? 'value' : null
  if (kind !== ',') return null
  return closers.at(-1) === '}' ? 'key' : 'value'
}

function afterValue(kind: Kind, closers: string[]): Expected | null {
  if (kind === 'text' || kind === 'value') return behind(closers)
  if (kind === '{') closers.push('}')
  else if (kind === '[') closers.push(']')
  else return null
  return kind === '{' ? 'key_or_end' : 'value_or_end'
}

const behind = (closers: readonly string[]): Expected => (closers.length === 0 ? 'nothing' : 'comma_or_end')
