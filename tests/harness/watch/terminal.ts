import type { Size } from './screen.ts'

const [ENTER, LEAVE] = ['\x1b[?1049h\x1b[?25l', '\x1b[?25h\x1b[?1049l']
const [HOME, CLEAR_LINE, CLEAR_REST] = ['\x1b[H', '\x1b[K', '\x1b[J']
/** For a terminal that does not tell its size. */
const USUAL: Size = { columns: 80, rows: 24 }

export type Output = Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>

/** Draws on a terminal's alternate screen, so that the user's own lines come back at the end. */
export class Terminal {
  constructor(private readonly output: Output) {
    output.write(ENTER)
  }

  get size(): Size {
    return { columns: this.output.columns || USUAL.columns, rows: this.output.rows || USUAL.rows }
  }

  draw(lines: readonly string[]): void {
    this.output.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join('\r\n')}${CLEAR_REST}`)
  }

  leave(): void {
    this.output.write(LEAVE)
  }
}
