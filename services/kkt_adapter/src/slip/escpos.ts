import { printable } from '../domain/printable.ts'
import type { Block, Slip } from './blocks.ts'
import { type LaidBlock, layOut, type Width } from './layout.ts'
import { qrPicture } from './qr_code.ts'

/** Printers of receipts have 8 dots a millimetre, so a code of 45 modules is 28 mm wide. Paper needs 20 mm at least. */
const DOTS_PER_MODULE = 5

/** The lines between a printer's head and its knife. */
const LINES_TO_KNIFE = 4

/** Any threshold parts black from white. */
const THRESHOLD = 128

/**
 * The slip as bytes in ESC/POS, which a printer of receipts takes as they are: text in code page 866, the QR code as a
 * picture, and a cut. A character beyond the code page becomes a near one, as on the KKT's own paper.
 */
export async function slipBytes(slip: Slip, width: Width): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded on demand, like the QR code's library: most tills print by their KKT.
  const { default: Encoder } = await import('@point-of-sale/receipt-printer-encoder')
  const encoder = new Encoder({
    language: 'esc-pos',
    columns: width,
    imageMode: 'raster',
    codepageMapping: 'epson',
    feedBeforeCut: LINES_TO_KNIFE,
    newline: '\n',
  })
  encoder.initialize().codepage('cp866')
  const sections = layOut(
    slip.sections.map((blocks) => blocks.map(asPrinted)),
    width,
  )
  const put = async (block: LaidBlock) => {
    if (block.kind === 'qr') {
      const picture = await qrPicture(block.data, DOTS_PER_MODULE)
      encoder.align('center').image(picture, picture.width, picture.height, 'threshold', THRESHOLD).align('left')
      return
    }
    encoder.bold(block.isStrong)
    for (const line of block.lines) encoder.line(line)
    encoder.bold(false)
  }
  for (const [i, blocks] of sections.entries()) {
    if (i > 0) encoder.line('-'.repeat(width))
    for (const block of blocks) await put(block)
  }
  return new Uint8Array(encoder.cut('partial').encode())
}

/** The block in characters of the code page. A near one may be wider, so lines are made of these. */
function asPrinted(block: Block): Block {
  switch (block.kind) {
    case 'centred':
    case 'text':
      return { ...block, text: printable(block.text) }
    case 'pair':
      return { ...block, label: printable(block.label), value: printable(block.value) }
    case 'facts':
      return { ...block, facts: block.facts.map(printable) }
    case 'qr':
      return block
  }
}
