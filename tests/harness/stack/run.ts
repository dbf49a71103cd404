import { stripVTControlCharacters } from 'node:util'
import { interruption, throwIfInterrupted } from './interruption.ts'
import { Stop } from './stop.ts'

/** Time for a child to end after SIGTERM. Docker's client first asks the engine to wind down. */
const CHILD_GRACE_MS = 10_000

type RunOptions = {
  cwd: string
  /** @default the environment of this process */
  env?: Record<string, string | undefined>
  /** A file that the child reads as its standard input. */
  stdin?: string
  /**
   * Shown as it comes; shown in lines without terminal sequences; or kept for the caller, also without them. Some programs
   * write such sequences wherever their output goes.
   */
  output: 'shown' | 'shown plain' | 'kept'
  /** Ctrl-C ends everything else, and cleaning up goes on. */
  evenWhenInterrupted?: boolean
  /** After this time the child and its children are killed. @default no limit */
  withinMs?: number
  onStart?: (pid: number) => void
}

/**
 * Runs a program to its end, in a process group of its own. Ctrl-C then reaches only this process, which decides what
 * ends.
 * @returns `isLate` where the time limit ended the child
 * @throws Stop when the program is not installed
 */
export async function run(command: string[], options: RunOptions) {
  if (!options.evenWhenInterrupted) throwIfInterrupted()
  const child = orMissing(command, () =>
    Bun.spawn(command, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdin: options.stdin === undefined ? 'ignore' : Bun.file(options.stdin),
      stdout: options.output === 'shown' ? 'inherit' : 'pipe',
      stderr: options.output === 'kept' ? 'pipe' : 'inherit',
      detached: true,
    }),
  )
  options.onStart?.(child.pid)
  const end = () => {
    signalGroup(child.pid, 'SIGTERM')
    setTimeout(() => signalGroup(child.pid, 'SIGKILL'), CHILD_GRACE_MS).unref()
  }
  if (!options.evenWhenInterrupted) interruption.addEventListener('abort', end)
  let isLate = false
  const endLate = () => {
    isLate = true
    signalGroup(child.pid, 'SIGKILL')
  }
  const limit = options.withinMs === undefined ? undefined : setTimeout(endLate, options.withinMs)
  const take = options.output === 'kept' ? text : showPlain
  const [stdout, stderr, exitCode] = await Promise.all([take(child.stdout), text(child.stderr), child.exited])
  clearTimeout(limit)
  interruption.removeEventListener('abort', end)
  if (!options.evenWhenInterrupted) throwIfInterrupted()
  return { exitCode, stdout, stderr, isLate }
}

/** @throws Stop when the program is not installed */
export function orMissing<T>([program]: string[], start: () => T): T {
  try {
    return start()
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    throw missing(program)
  }
}

export const missing = (program = '') => new Stop(`The program ${program} is missing: install it and try again.`)

/** Signals a detached process and its children. Nothing happens if they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code

type Output = ReadableStream<Uint8Array> | undefined

const text = async (output: Output) => (output ? stripVTControlCharacters(await new Response(output).text()) : '')

/** Shows only complete lines, because a terminal sequence may come in two parts. */
async function showPlain(output: Output): Promise<string> {
  let partial = ''
  const show = (lines: string) => void process.stdout.write(stripVTControlCharacters(lines))
  const decoder = new TextDecoder()
  for await (const bytes of output ?? []) {
    const text = partial + decoder.decode(bytes, { stream: true })
    const end = text.lastIndexOf('\n') + 1
    show(text.slice(0, end))
    partial = text.slice(end)
  }
  show(partial)
  return ''
}
