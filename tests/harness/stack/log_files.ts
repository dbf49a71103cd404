import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { say } from './output.ts'
import { until } from './until.ts'

export type LogFile = { name: string; path: string; fromByte: number }

type Shown = {
  /** Asked each time before new lines are shown. */
  isOver: () => Promise<boolean>
  /** Whether the name of its log stands before each line. */
  prefixed: boolean
}

/** Shows the lines of several logs as they are appended. @throws Interrupted */
export async function showLogs(files: LogFile[], { isOver, prefixed }: Shown, show = say): Promise<void> {
  const width = Math.max(...files.map(({ name }) => name.length))
  const readers = files.map(({ name, path, fromByte }) => {
    const prefix = prefixed ? `${name.padEnd(width)} | ` : ''
    return lineReader(path, fromByte, (line) => show(prefix + line))
  })
  const showNew = async () => {
    const over = await isOver()
    for (const readNew of readers) readNew()
    return over
  }
  await until(showNew, { withinMs: Number.POSITIVE_INFINITY })
}

/** @returns a function that reads the bytes added since its last call, and passes on each complete line */
export function lineReader(path: string, fromByte: number, onLine: (line: string) => void): () => void {
  let position = fromByte
  let partial = ''
  const decoder = new TextDecoder()
  return () => {
    const bytes = readFrom(path, position)
    position += bytes.length
    const lines = (partial + decoder.decode(bytes, { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

function readFrom(path: string, position: number): Uint8Array {
  if (!existsSync(path)) return new Uint8Array()
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(Math.max(fstatSync(file).size - position, 0))
    return bytes.subarray(0, readSync(file, bytes, { position }))
  } finally {
    closeSync(file)
  }
}
