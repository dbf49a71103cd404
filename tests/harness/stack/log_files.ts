import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { say } from './output.ts'
import { until } from './until.ts'

/** A place in a log. `turnedAtMs`: when the log last became `LOG.1`, or 0. */
export type LogMark = { bytes: number; turnedAtMs: number }

export const START_OF_LOG: LogMark = { bytes: 0, turnedAtMs: 0 }

/** The end of a log that may be emptied later on: see `bounded_log`. */
export const endOfLog = (path: string): LogMark => ({
  bytes: existsSync(path) ? statSync(path).size : 0,
  turnedAtMs: turnedAtMs(path),
})

const turnedAtMs = (path: string) => (existsSync(`${path}.1`) ? statSync(`${path}.1`).mtimeMs : 0)

/** The part of a log behind a mark. Where the log was emptied since, this is all that is left of it. */
export function readSince(path: string, mark: LogMark): Buffer {
  const log = readFileSync(path)
  const isSameFile = turnedAtMs(path) === mark.turnedAtMs
  return isSameFile ? log.subarray(mark.bytes) : Buffer.concat([readFileSync(`${path}.1`), log])
}

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
    const { bytes, from } = readFrom(path, position)
    position = from + bytes.length
    const lines = (partial + decoder.decode(bytes, { stream: true })).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

/** @returns from where it has read: the beginning, where the file has become shorter */
function readFrom(path: string, position: number): { bytes: Uint8Array; from: number } {
  if (!existsSync(path)) return { bytes: new Uint8Array(), from: position }
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const from = size < position ? 0 : position
    const bytes = new Uint8Array(size - from)
    return { bytes: bytes.subarray(0, readSync(file, bytes, { position: from })), from }
  } finally {
    closeSync(file)
  }
}
