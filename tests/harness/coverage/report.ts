import { createCoverageMap, createFileCoverage } from 'istanbul-lib-coverage'
import { createContext } from 'istanbul-lib-report'
import { create } from 'istanbul-reports'
import { type Coverage, countLines, percent, sumOf } from './lcov.ts'

/** A line a file, one for all of them, and which lines were not run. */
export function table(coverage: Coverage): string {
  const width = Math.max(...[...coverage.keys()].map((path) => path.length))
  const row = (path: string, share: number, missing: string) =>
    `${path.padEnd(width)}  ${share.toFixed(2).padStart(6)}  ${missing}`.trimEnd()
  const files = [...coverage].map(([path, hits]) => row(path, percent(countLines(hits)), missingLines(hits)))
  const total = sumOf([...coverage.values()].map(countLines))
  const all = row('All files', percent(total), `${total.covered} of ${total.total} lines`)
  return [`${'File'.padEnd(width)}  Lines %  Not run`, ...files, all].join('\n')
}

/** As ranges of the lines that can be run: `3-5` where all of them from 3 to 5 were not. */
export function missingLines(hits: Map<number, number>): string {
  const ranges: { from: number; to: number }[] = []
  let isOpen = false
  for (const [line, count] of [...hits].sort(([a], [b]) => a - b)) {
    const last = ranges.at(-1)
    if (count === 0 && isOpen && last) last.to = line
    else if (count === 0) ranges.push({ from: line, to: line })
    isOpen = count === 0
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

/** Writes `index.html` into `folder`. Every line is a statement, as Istanbul counts them, for lines are all we know. */
export function writeHtml(root: string, coverage: Coverage, folder: string): void {
  const coverageMap = createCoverageMap({})
  for (const [path, hits] of coverage) coverageMap.addFileCoverage(fileCoverage(`${root}/${path}`, hits))
  const context = createContext({ dir: folder, coverageMap, defaultSummarizer: 'nested' })
  create('html-spa', { metricsToShow: ['lines'] }).execute(context)
}

function fileCoverage(path: string, hits: Map<number, number>) {
  const lines = [...hits]
  return createFileCoverage({
    path,
    statementMap: Object.fromEntries(lines.map(([line], i) => [i, { start: at(line, 0), end: at(line, Infinity) }])),
    s: Object.fromEntries(lines.map(([, count], i) => [i, count])),
    fnMap: {},
    f: {},
    branchMap: {},
    b: {},
  })
}

const at = (line: number, column: number) => ({ line, column })
