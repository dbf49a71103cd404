/** Prints ESC/POS as a printer of receipts does. It knows the commands of the slip, and refuses any other. */
import { readPixels } from './qr_reader.ts'

const LF = 0x0a
/** Below it there are no characters. */
const SPACE = 0x20
/** The number of code page 866 in ESC t. */
const CP866 = 17
const RASTER_HEAD_BYTES = 8

/** The commands by their first two bytes, with their length. */
const LENGTHS: Readonly<Record<string, (head: Uint8Array) => number>> = {
  /** Initialise. */
  '1b40': () => 2,
  /** No Chinese characters. */
  '1c2e': () => 2,
  /** The font. */
  '1b4d': () => 3,
  /** The code page. */
  '1b74': () => 3,
  /** Bold. */
  '1b45': () => 3,
  /** The alignment. */
  '1b61': () => 3,
  /** Cut. */
  '1d56': () => 3,
  /** A picture. */
  '1d76': (head) => RASTER_HEAD_BYTES + widthBytes(head) * word(head, 6),
}

/** The lines that came out. `strong`: those of the lines that are bold. `codes`: the contents of the QR codes. */
export class Paper {
  readonly lines: string[] = []
  readonly strong: string[] = []
  readonly codes: string[] = []
  widestDots = 0
  cuts = 0
  #codePage = 0
  #isBold = false
  #line: { bytes: number[]; isBold: boolean } = { bytes: [], isBold: false }
  #rows: Uint8Array[] = []

  /** @throws Error for an unknown command, for text of another code page, and for a picture that is no QR code */
  constructor(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; ) {
      const [first = 0, second = 0] = bytes.subarray(at)
      const name = hex(first) + hex(second)
      const length = LENGTHS[name]?.(bytes.subarray(at)) ?? 1
      if (length > 1) this.#run(name, bytes.subarray(at, at + length))
      else if (first === LF) this.#feed()
      else if (first < SPACE || this.#codePage !== CP866) throw new Error(`byte ${at} is ${hex(first)}: not known here`)
      else this.#line = { bytes: [...this.#line.bytes, first], isBold: this.#isBold }
      at += length
    }
  }

  #run(name: string, command: Uint8Array): void {
    const value = command[2] ?? 0
    if (name === '1b74') this.#codePage = value
    if (name === '1b45') this.#isBold = value === 1
    if (name === '1d56') this.cuts += 1
    if (name !== '1d76') return
    const width = widthBytes(command)
    this.widestDots = Math.max(this.widestDots, 8 * width)
    for (let at = RASTER_HEAD_BYTES; at < command.length; at += width) {
      this.#rows.push(command.subarray(at, at + width))
    }
  }

  #feed(): void {
    if (this.#rows.length > 0) {
      this.codes.push(readCode(this.#rows))
      this.#rows = []
      return
    }
    const text = new TextDecoder('ibm866').decode(new Uint8Array(this.#line.bytes))
    this.lines.push(text)
    if (this.#line.isBold) this.strong.push(text)
    this.#line = { bytes: [], isBold: false }
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
const widthBytes = (raster: Uint8Array): number => word(raster, 4)

/** A bit is a dot, the highest one at the left. */
function readCode(rows: readonly Uint8Array[]): string {
  const width = 8 * (rows[0]?.length ?? 0)
  return readPixels({ width, height: rows.length }, (x, y) => (((rows[y]?.[x >> 3] ?? 0) >> (7 - (x & 7))) & 1) === 1)
}
