/** How often each line was run, by its number, by the file's path from the repository's root. */
export type Coverage = Map<string, Map<number, number>>

/** Reads the lines' records alone: of functions and branches Bun does not say where they are. */
export function parseLcov(text: string): Coverage {
  const coverage: Coverage = new Map()
  let hits = new Map<number, number>()
  for (const record of text.split('\n')) {
    const [kind, value = ''] = record.split(/:(.*)/)
    if (kind === 'SF') {
      hits = new Map()
      coverage.set(value, hits)
    }
    if (kind !== 'DA') continue
    const [line, count] = value.split(',')
    hits.set(Number(line), Number(count))
  }
  return coverage
}

export const toLcov = (coverage: Coverage): string =>
  [...coverage]
    .map(([path, hits]) => {
      const { covered, total } = countLines(hits)
      const lines = [...hits].map(([line, count]) => `DA:${line},${count}\n`).join('')
      return `TN:\nSF:${path}\n${lines}LF:${total}\nLH:${covered}\nend_of_record\n`
    })
    .join('')

export type LineCount = { covered: number; total: number }

export const countLines = (hits: Map<number, number>): LineCount => ({
  covered: [...hits.values()].filter((count) => count > 0).length,
  total: hits.size,
})

export const sumOf = (counts: LineCount[]): LineCount => ({
  covered: counts.reduce((sum, { covered }) => sum + covered, 0),
  total: counts.reduce((sum, { total }) => sum + total, 0),
})

/** Rounded down, so that 100 % means every line. Nothing to run is all run. */
export const percent = ({ covered, total }: LineCount): number =>
  total === 0 ? 100 : Math.floor((covered / total) * 10_000) / 100
