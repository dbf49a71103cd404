/** JSON's tokens, each behind any white space. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y

/** What may come next: an `end` is the bracket that closes the innermost object or list. */
type Expected = 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'colon' | 'comma_or_end'

/**
 * Finds the line of a text in which it stops being JSON. The runtimes' own errors do not all tell it.
 * @returns from 1; null for one whole JSON document
 */
export function lineOfJsonFault(text: string): number | null {
  const closers: string[] = []
  let expected: Expected | 'nothing' = 'value'
  let at = 0
  while (expected !== 'nothing') {
    TOKEN.lastIndex = at
    const [token, sign, key] = TOKEN.exec(text) ?? []
    if (token === undefined) return lineAt(text, at)
    const next = after(expected, { sign, isKey: key !== undefined }, closers)
    if (next === null) return lineAt(text, at)
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

/** @returns what may come behind the token; null when it may not stand there */
function after(
  expected: Expected,
  { sign, isKey }: { sign: string | undefined; isKey: boolean },
  closers: string[],
): Expected | 'nothing' | null {
  const behindValue = () => (closers.length === 0 ? 'nothing' : 'comma_or_end')
  if (sign === '}' || sign === ']') {
    if (!expected.endsWith('_or_end') || closers.pop() !== sign) return null
    return behindValue()
  }
  switch (expected) {
    case 'value':
    case 'value_or_end':
      if (sign === undefined) return behindValue()
      if (sign !== '{' && sign !== '[') return null
      closers.push(sign === '{' ? '}' : ']')
      return sign === '{' ? 'key_or_end' : 'value_or_end'
    case 'key':
    case 'key_or_end':
      return isKey ? 'colon' : null
    case 'colon':
      return sign === ':' ? 'value' : null
    case 'comma_or_end':
      if (sign !== ',') return null
      return closers.at(-1) === '}' ? 'key' : 'value'
  }
}
