import { GROWTH_MEASURES, type Grown } from './growth.ts'
import { figure, horizonText, judgedText, targetText } from './report.ts'
import { judgedOf, type Measured, type Result, reached } from './result.ts'
import type { Line } from './row.ts'

const WIDTH = 1160
const LABEL_WIDTH = 390
const PLOT = { left: LABEL_WIDTH + 10, right: WIDTH - 250 }
const ROW = 26
const HEAD = 64
/** How far a target is reached, from the left edge to the right. */
const LEAST_REACHED = 0.01
const MOST_REACHED = 10

const GROWTH_HEIGHT = 280
/** Against the smallest buffer: both ways from the middle. */
const MOST_GROWTH = 10
const COLOURS = ['#c1440e', '#1f6f8b', '#6a994e', '#7b2d8b', '#b8860b']
const MET = '#6a994e'
const NOT_MET = '#d98032'

/** The figures against their goals, and what grows with the buffer, as one SVG. */
export function chart({ results, growth }: { results: Result[]; growth: Grown[] }, title: string): string {
  const measured = results.filter((result) => result.kind === 'measured')
  const ratiosHeight = measured.length > 0 ? HEAD + measured.length * ROW + 16 : 40
  const height = ratiosHeight + (growth.length > 0 ? GROWTH_HEIGHT + 80 : 0)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="22" font-size="15">${escapeXml(title)}</text>
${measured.length > 0 ? ratios(measured) : ''}
${growth.length > 0 ? growthLines(growth, ratiosHeight) : ''}
</svg>
`
}

/** A bar a line of the table, with its least and greatest round; the line is the goal, and a dashed one the horizon. */
function ratios(results: Measured[]): string {
  const x = (share: number) => {
    const clamped = Math.min(MOST_REACHED, Math.max(LEAST_REACHED, share))
    const along = Math.log(clamped / LEAST_REACHED) / Math.log(MOST_REACHED / LEAST_REACHED)
    return PLOT.left + along * (PLOT.right - PLOT.left)
  }
  const bottom = HEAD + results.length * ROW
  const grid = [0.01, 0.1, 1, 10].map((share) => {
    const [colour, text] = share === 1 ? ['#333', 'goal'] : ['#ddd', `× ${share}`]
    return `${line(x(share), HEAD - 6, x(share), bottom, colour)}
<text x="${x(share)}" y="${HEAD - 12}" text-anchor="middle" fill="#555">${text}</text>`
  })
  const bars = results.map((result, i) => {
    const { target, horizon } = result
    const judged = judgedOf(result)
    const share = reached(judged.median, target)
    const y = HEAD + i * ROW
    const [from, to] = [reached(judged.min, target), reached(judged.max, target)].map(x)
    const mark = horizon === undefined ? '' : horizonMark(x(reached(horizon, target)), y)
    return `<text x="${LABEL_WIDTH}" y="${y + 15}" text-anchor="end">${escapeXml(result.name)}</text>
<rect x="${PLOT.left}" y="${y + 3}" width="${x(share) - PLOT.left}" height="${ROW - 9}" fill="${share >= 1 ? MET : NOT_MET}"/>
${line(from ?? 0, y + 11, to ?? 0, y + 11, '#333')}${mark}
<text x="${PLOT.right + 12}" y="${y + 15}">${judgedText(judged.median, result)} (${wanted(result)})</text>`
  })
  return [...grid, ...bars].join('\n')
}

const horizonMark = (x: number, y: number) =>
  `<path d="M${x.toFixed(1)} ${y + 1}v${ROW - 5}" stroke="#7b2d8b" stroke-width="2" stroke-dasharray="3 2"/>`

const wanted = (line: Line): string =>
  [targetText(line.target), ...(line.horizon === undefined ? [] : [`horizon ${horizonText(line)}`])].join(', ')

/** A line a measure, each as the multiple of what it is with the smallest buffer. */
function growthLines(growth: Grown[], top: number): string {
  const [smallest] = growth
  if (!smallest) return ''
  const middle = top + 46 + GROWTH_HEIGHT / 2
  const x = (i: number) => PLOT.left + (i / Math.max(1, growth.length - 1)) * (PLOT.right - PLOT.left)
  const y = (multiple: number) => {
    const clamped = Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, multiple))
    return middle - (Math.log(clamped) / Math.log(MOST_GROWTH)) * (GROWTH_HEIGHT / 2)
  }
  const grid = [0.1, 0.5, 1, 2, 10].map(
    (multiple) => `${line(PLOT.left, y(multiple), PLOT.right, y(multiple), multiple === 1 ? '#333' : '#ddd')}
<text x="${PLOT.left - 8}" y="${y(multiple) + 4}" text-anchor="end" fill="#555">× ${multiple}</text>`,
  )
  const sizes = growth.map(
    ({ size }, i) =>
      `<text x="${x(i)}" y="${middle + GROWTH_HEIGHT / 2 + 22}" text-anchor="middle" fill="#555">${figure(size)}</text>`,
  )
  const lines = GROWTH_MEASURES.map(({ key, name, unit }, i) => {
    const points = growth.map(({ values }, at) => `${x(at)},${y(values[key] / smallest.values[key])}`).join(' ')
    const told = growth.map(({ values }) => figure(values[key])).join(', ')
    const colour = COLOURS[i % COLOURS.length]
    return `<g><title>${name}: ${told} ${unit}</title>
<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="10" y="${top + 60 + i * 40}" fill="${colour}">${name}, ${unit}</text>
<text x="10" y="${top + 77 + i * 40}" fill="#555">${told}</text></g>`
  })
  const heading = `<text x="10" y="${top + 22}" font-size="15">With so many receipts in the buffer, against the fewest</text>`
  return [heading, ...grid, ...sizes, ...lines].join('\n')
}

const line = (x1: number, y1: number, x2: number, y2: number, colour: string) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}" stroke="${colour}"/>`

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
