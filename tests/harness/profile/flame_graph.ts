import type { Frame } from './cpu_profile.ts'

const WIDTH_PX = 1600
const ROW_PX = 18
const HEAD_PX = 44
/** Of the font below. */
const CHARACTER_PX = 6.7
/** What is narrower cannot be seen or pointed at. */
const NARROWEST_PX = 0.5

const COLOURS: Record<Frame['kind'], string> = { service: '#f4a259', package: '#8cb9d9', engine: '#cfcfcf' }

/** The calls as an SVG of nested bars: a bar is as wide as the share of samples that its function was part of. */
export function flameGraph(top: Frame, title: string): string {
  const bars: string[] = []
  const deepest = draw(top, 0, 0)
  const height = HEAD_PX + (deepest + 1) * ROW_PX + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH_PX} ${height}" preserveAspectRatio="xMinYMin" font-family="monospace" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="18" font-size="14">${escapeXml(title)}</text>
<text x="8" y="35">${legend()} — point at a bar for its share</text>
${bars.join('\n')}
</svg>
`

  /** @returns how deep the bars go */
  function draw(frame: Frame, x: number, depth: number): number {
    const width = (frame.samples / top.samples) * WIDTH_PX
    if (width < NARROWEST_PX) return depth
    bars.push(bar(frame, x, width, HEAD_PX + depth * ROW_PX))
    let calleeX = x
    let deepest = depth
    for (const callee of frame.callees) {
      deepest = Math.max(deepest, draw(callee, calleeX, depth + 1))
      calleeX += (callee.samples / top.samples) * WIDTH_PX
    }
    return deepest
  }

  function bar({ label, kind, samples, selfSamples }: Frame, x: number, width: number, y: number): string {
    const share = (count: number) => `${((100 * count) / top.samples).toFixed(1)} %`
    const shown = label.slice(0, Math.max(0, Math.floor((width - 4) / CHARACTER_PX)))
    const text = shown && `<text x="${(x + 2).toFixed(1)}" y="${y + 13}">${escapeXml(shown)}</text>`
    const box = `x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW_PX - 1}"`
    const hint = `${label}: ${share(samples)}, itself ${share(selfSamples)}`
    return `<g><title>${escapeXml(hint)}</title><rect ${box} fill="${COLOURS[kind]}" stroke="#fff" stroke-width="0.3"/>${text}</g>`
  }
}

const legend = () =>
  Object.entries(COLOURS)
    .map(([kind, colour]) => `<tspan fill="${colour}">■</tspan> ${kind}`)
    .join(' ')

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
