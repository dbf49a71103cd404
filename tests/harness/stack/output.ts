/** Prints a line for the user. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Prints a line a step: its name at its beginning, and its duration at its end. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  process.stdout.write(`${what} … `)
  try {
    const result = await work()
    say(`${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
    return result
  } catch (error) {
    say('no')
    throw error
  }
}

/** The first lines of a text, and … where lines are left out. */
export function firstLines(text: string, count: number): string {
  const lines = text.split('\n')
  return lines.length > count ? [...lines.slice(0, count), '…'].join('\n') : text
}

/** @param count how many of the last lines to keep */
export const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n')

export const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ')

const isNumber = (cell: string | number) => /^[\d.]+$/.test(String(cell))

/** Rows in columns: numbers to the right, words to the left. */
export function columns(rows: readonly (readonly (string | number)[])[]): string {
  const widthOf = (column: number) => Math.max(...rows.map((row) => String(row[column] ?? '').length))
  const widths = (rows.toSorted((a, b) => b.length - a.length)[0] ?? []).map((_, column) => widthOf(column))
  const padded = (cell: string | number, column: number) =>
    isNumber(cell) ? String(cell).padStart(widths[column] ?? 0) : String(cell).padEnd(widths[column] ?? 0)
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n')
}
