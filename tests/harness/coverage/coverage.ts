import { globSync } from 'node:fs'

/** Tests, and files that serve only tests, would raise the share. */
const NOT_SHIPPED = /\.test\.ts$|\.d\.ts$|\/testing(\.ts$|\/)/

/** The sources of all services, by their paths from the root. */
export const servicesOf = (root: string): string[] =>
  globSync('services/**/*.ts', { cwd: root, exclude: (path) => path.includes('node_modules') }).sort()

type Coverage = { percent: number; run: number; all: number; neverImported: string[] }

const transpiler = new Bun.Transpiler({ loader: 'ts' })

/** The lines of a source once its types are removed. A file of types has none. */
const linesOf = (source: string) => transpiler.transformSync(source).trim().split('\n').filter(Boolean).length

/**
 * The share of the shipped lines that the tests have run. Bun measures only imported files, so the lines of the others are
 * counted here, as not run.
 * @param paths the files of the services
 */
export function coverageOf(lcov: string, paths: readonly string[], read: (path: string) => string): Coverage {
  const records = lcov.matchAll(/^SF:(.*?)$.*?^LF:(\d+)$.*?^LH:(\d+)$/gms)
  const measured = new Map(
    [...records].map(([, path = '', all, run]) => [path, { all: Number(all), run: Number(run) }]),
  )
  const neverImported: string[] = []
  const counts = paths
    .filter((path) => !NOT_SHIPPED.test(path))
    .map((path) => {
      const known = measured.get(path)
      const all = known?.all ?? linesOf(read(path))
      if (!known && all > 0) neverImported.push(path)
      return known ?? { all, run: 0 }
    })
  const [run, all] = [sum(counts.map((count) => count.run)), sum(counts.map((count) => count.all))]
  // Rounded down, so that 100 % means every line.
  return { percent: Math.floor((run / all) * 10_000) / 100, run, all, neverImported }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
