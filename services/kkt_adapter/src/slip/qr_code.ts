/** The blank modules that a reader needs around the code (ISO/IEC 18004). */
const QUIET_ZONE_MODULES = 4

const CORRECTION = { errorCorrectionLevel: 'M' } as const

/** Loaded on demand: it takes 12 MB, and most tills print the code themselves. */
const library = () => import('qrcode')

/** The QR code as an SVG picture without a size of its own. Paper needs 20 mm at least. */
export async function qrSvg(data: string): Promise<string> {
  const qrcode = await library()
  return await qrcode.toString(data, { ...CORRECTION, type: 'svg', margin: QUIET_ZONE_MODULES })
}

/** `width` and `height` in dots; `data` has four bytes for each, red, green, blue and opacity, line by line. */
export type Picture = { width: number; height: number; data: Uint8ClampedArray }

/** The QR code in black and white, with its blank margin. */
export async function qrPicture(data: string, dotsPerModule: number): Promise<Picture> {
  const qrcode = await library()
  const { modules } = qrcode.create(data, CORRECTION)
  const side = (modules.size + 2 * QUIET_ZONE_MODULES) * dotsPerModule
  const picture = { width: side, height: side, data: new Uint8ClampedArray(4 * side * side).fill(255) }
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) blacken(picture, { row, column, dotsPerModule })
    }
  }
  return picture
}

type Module = { row: number; column: number; dotsPerModule: number }

function blacken({ width, data }: Picture, { row, column, dotsPerModule }: Module): void {
  const left = (column + QUIET_ZONE_MODULES) * dotsPerModule
  const top = (row + QUIET_ZONE_MODULES) * dotsPerModule
  for (let y = top; y < top + dotsPerModule; y += 1) {
    const first = y * width + left
    for (let dot = first; dot < first + dotsPerModule; dot += 1) data.fill(0, 4 * dot, 4 * dot + 3)
  }
}
