import { globSync, readFileSync } from 'node:fs'
import type { Coverage } from './lcov.ts'

/** Tests and what serves tests alone would lift the share of what ships. */
const NOT_SHIPPED = /\.test\.ts$|\.d\.ts$|\/testing(\.ts$|\/)/

/** What ships, from `root`. */
export const shippedSources = (root: string): string[] =>
  globSync('services/**/*.ts', { cwd: root, exclude: (path) => path.includes('node_modules') })
    .filter((path) => !NOT_SHIPPED.test(path))
    .sort()

/** The coverage of what ships and nothing else; a file that no test imported has all its lines, none of them run. */
export function coverageOfSources(root: string, measured: Coverage): Coverage {
  const all = shippedSources(root).map((path) => {
    const hits = measured.get(path) ?? neverRun(readFileSync(`${root}/${path}`, 'utf8'))
    return [path, hits] as const
  })
  return new Map(all.filter(([, hits]) => hits.size > 0))
}

/** Every line but blank ones, comments and lone brackets: rather too many than too few. A file of types has none. */
export function neverRun(source: string): Map<number, number> {
  if (new Bun.Transpiler({ loader: 'ts' }).transformSync(source).trim() === '') return new Map()
  const lines = source.replaceAll(/\/\*.*?\*\//gs, (comment) => comment.replaceAll(/./g, ' ')).split('\n')
  const code = lines.map((text, i) => ({ text, line: i + 1 })).filter(({ text }) => /^(?!\s*\/\/).*\w/.test(text))
  return new Map(code.map(({ line }) => [line, 0]))
}
