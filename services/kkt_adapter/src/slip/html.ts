import { hash } from 'node:crypto'
import type { Slip } from './blocks.ts'
import { type LaidBlock, layOut, type Width } from './layout.ts'
import { qrSvg } from './qr_code.ts'

/** The width of the paper that has so many columns. */
const PAPER_MM: Readonly<Record<Width, number>> = { 32: 58, 48: 80 }

/**
 * A letter of a monospaced font is 0.6 em wide, so a line of 32 letters has 47 of the 48 mm that a printer reaches on
 * 58 mm paper, and one of 48 letters 71 of the 72 mm on 80 mm paper.
 */
const LETTER_MM = 2.45

/** Heights in letters (em). */
const LINE = 1.3
const QR = 13
const RULE = 0.08
const SPACE = 0.5
const EDGE = 1.5

const css = ({ width, heightMm }: { width: Width; heightMm: number }) => `
@page { size: ${PAPER_MM[width]}mm ${heightMm}mm; margin: 0; }
* { margin: 0; padding: 0; }
body { color: #000; background: #fff; }
main { width: ${width}ch; overflow: hidden; margin: 0 auto; padding: ${EDGE}em 0; font: ${LETTER_MM}mm/${LINE} "DejaVu Sans Mono", "Liberation Mono", "Courier New", monospace; }
section + section { border-top: ${RULE}em dashed; margin-top: ${SPACE}em; padding-top: ${SPACE}em; }
pre { font: inherit; }
svg { display: block; width: ${QR}em; height: ${QR}em; margin: 0 auto; }
@media screen { main { font-size: 15px; } }
`

/** A page that shows the slip and prints it on paper of its width, and the policy under which a browser shows it. */
export async function slipPage(slip: Slip, width: Width): Promise<{ page: string; policy: string }> {
  const sections = layOut(slip.sections, width)
  const style = css({ width, heightMm: heightMm(sections) })
  const body: string[] = []
  for (const blocks of sections) {
    const lines = await Promise.all(blocks.map(shown))
    body.push(`<section>\n${lines.join('\n')}\n</section>`)
  }
  const page = `<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(slip.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`
  return { page, policy: policyFor(style) }
}

async function shown(block: LaidBlock): Promise<string> {
  if (block.kind === 'qr') {
    const code = await qrSvg(block.data)
    return `<div role="img" aria-label="QR-код чека">${code.trimEnd()}</div>`
  }
  const lines = escaped(block.lines.join('\n'))
  return `<pre>${block.isStrong ? `<strong>${lines}</strong>` : lines}</pre>`
}

/** The height of the whole slip, so that a roll is cut behind it and not within it. */
function heightMm(sections: readonly (readonly LaidBlock[])[]): number {
  const heights = sections.flat().map((block) => (block.kind === 'qr' ? QR : block.lines.length * LINE))
  const gaps = (sections.length - 1) * (RULE + 2 * SPACE)
  const letters = heights.reduce((sum, height) => sum + height, gaps + 2 * EDGE)
  return Math.ceil(letters * LETTER_MM) + 1
}

/** Allows this one stylesheet, and nothing else. */
const policyFor = (style: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; ')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
