/** Reads a QR code from its picture, as a customer's telephone does. */
import readQr from 'jsqr'

const PIXELS_PER_MODULE = 3

/**
 * The content of the QR code in an SVG picture of one path of fills and one of strokes 1 wide.
 * @throws Error when the picture has another form, or no code that can be read
 */
export function readSvg(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const strokes = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1]
  if (!size || strokes === undefined) throw new Error(`This is no picture of a QR code: ${svg.slice(0, 200)}`)
  const dark = darkModules(strokes)
  const side = size * PIXELS_PER_MODULE
  return readPixels({ width: side, height: side }, (x, y) =>
    dark.has(`${Math.floor(x / PIXELS_PER_MODULE)} ${Math.floor(y / PIXELS_PER_MODULE)}`),
  )
}

type Size = { width: number; height: number }

/** The content of the QR code among the pixels. @throws Error when it cannot be read */
export function readPixels({ width, height }: Size, isDark: (x: number, y: number) => boolean): string {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (isDark(x, y)) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  }
  const read = readQr(pixels, width, height)
  if (!read) throw new Error('No QR code can be read in this picture.')
  return read.data
}

/** The squares under horizontal strokes, which run through the middle of a row of squares. */
function darkModules(strokes: string): Set<string> {
  const dark = new Set<string>()
  let [x, y] = [0, 0]
  for (const [, command = '', first = '', second = ''] of strokes.matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))]
    if (command === 'm') x += Number(first)
    if (command === 'h') {
      for (let length = 0; length < Number(first); length++) dark.add(`${x + length} ${y}`)
      x += Number(first)
    }
  }
  return dark
}
