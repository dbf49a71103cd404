import type { Source } from './source.ts'

type Extent = { first: number; last: number }

/** An arrow, the word itself, or a method, whose body goes on behind the line. */
const BEGINS = /=>(?:.*[{([])?$|\bfunction\b.*[{(]$|^\s*(?:async |get |set )*(?:[\w#$]+|' *')\(.*\)(?:: .+)? \{$/
const CONTROL = /^\s*(?:\} )?(?:if|else|for|while|switch|catch|try|finally|do|return|await)\b(?!.*(?:=>|\bfunction\b))/

/**
 * The functions of a source, by the indentation that the formatter gives them.
 * @returns each function's first line, how many lines it has with the functions within it, and how many without: its own
 */
export function functionLengths({ code }: Source): { line: number; whole: number; own: number }[] {
  const lines = code.split('\n')
  const extents = lines.flatMap((line, first) => {
    if (!BEGINS.test(line.trimEnd()) || CONTROL.test(line)) return []
    return { first, last: lastLine(lines, first) }
  })
  return extents.map((extent) => ({
    line: extent.first + 1,
    whole: extent.last - extent.first + 1,
    own: ownLength(extent, extents),
  }))
}

function lastLine(lines: string[], first: number): number {
  const limit = indentation(lines[first] ?? '')
  for (let i = first + 1; i < lines.length; i++) {
    const line = lines[i] ?? ''
    if (line.trim() === '' || indentation(line) > limit) continue
    if (!/^\s*[)\]}]/.test(line)) return i - 1
    // A list of parameters that is closed, and then the body.
    if (!/[{([]$|=>$/.test(line.trimEnd())) return i
  }
  return lines.length - 1
}

const indentation = (line: string) => line.length - line.trimStart().length

function ownLength({ first, last }: Extent, all: Extent[]): number {
  const within = all.filter((other) => other.first > first && other.last <= last)
  const outermost = within.filter(
    (one) => !within.some((other) => other !== one && other.first <= one.first && other.last >= one.last),
  )
  return last - first + 1 - outermost.reduce((sum, inner) => sum + inner.last - inner.first + 1, 0)
}
