import type { Slip } from './blocks.ts'
import { layOut, type Width } from './layout.ts'

/** The slip as lines of at most `width` columns. Where paper has the QR code, it has the code's content. */
export function slipText(slip: Slip, width: Width): string {
  const sections = layOut(slip.sections, width).map((blocks) => blocks.flatMap(({ lines }) => lines).join('\n'))
  return `${sections.join(`\n${'-'.repeat(width)}\n`)}\n`
}
