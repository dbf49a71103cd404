export type TestCase = {
  file: string
  line: string
  /** The test's name, after the names of its groups. */
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  seconds: number
  /** The failed test's message. */
  message: string
}

/** Reads the output of `bun test --reporter=junit`. Bun escapes every `<` and `>` in it, so tags can be matched by pattern. */
export function parseJunit(xml: string): TestCase[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, attributes = '', inside = '']) => {
    const group = attribute(attributes, 'classname')
    const name = attribute(attributes, 'name')
    return {
      file: attribute(attributes, 'file'),
      line: attribute(attributes, 'line'),
      name: group ? `${group} > ${name}` : name,
      outcome: outcome(inside),
      seconds: Number(attribute(attributes, 'time')),
      message: failureText(inside),
    }
  })
}

function outcome(inside: string): TestCase['outcome'] {
  if (/<(failure|error)\b/.test(inside)) return 'failed'
  return inside.includes('<skipped') ? 'skipped' : 'passed'
}

function failureText(inside: string): string {
  const [, attributes = '', text = ''] = /<(?:failure|error)\b([^>]*?)(?:\/>|>(.*?)<\/)/s.exec(inside) ?? []
  return unescapeXml(text).trim() || attribute(attributes, 'message')
}

const attribute = (attributes: string, name: string) =>
  unescapeXml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')

const NAMED: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16))
  })
}
