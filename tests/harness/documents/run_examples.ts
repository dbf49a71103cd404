/** Runs the examples of documents as a reader would, against the stack that the tests drive. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { register, urls } from '../clients.ts'
import { run } from '../stack/run.ts'
import { deliversByKkt } from '../under_test.ts'
import { root } from './documents.ts'

const CURL_OUT_OF_TIME = 28

/** Far more than any example takes. */
const EXAMPLE_MS = 100_000

/** The addresses that documents name, and those of the stack under test. */
const REGISTER = 'localhost:16732'
const ADAPTER = 'localhost:8001'
const ADDRESSES = {
  [ADAPTER]: urls.adapter,
  'localhost:9000': urls.ofd,
  'localhost:8070': urls.odoo,
  [REGISTER]: register?.url ?? `http://${REGISTER}`,
}

export const drivesStack = (code: string): boolean => Object.keys(ADDRESSES).some((address) => code.includes(address))

/**
 * Whether this stack has all that an example drives. A cash register on the network comes only with KKT=atol. Examples of the adapter
 * show one that delivers by itself.
 */
export const isRunHere = (code: string): boolean =>
  (register !== null || !(code.includes(REGISTER) || code.includes('REGISTER='))) &&
  !(deliversByKkt && code.includes(ADAPTER))

function onThisStack(code: string): string {
  return Object.entries(ADDRESSES).reduce(
    (text, [address, url]) => text.replaceAll(`http://${address}`, url).replaceAll(address, url),
    code,
  )
}

/** The programs that are missing on this machine. */
export const missing = (...programs: string[]): string[] => programs.filter((program) => Bun.which(program) === null)

/** @returns its output. @throws Error when its exit code is not 0 */
export async function runShell(script: string, cwd = root, variables: Record<string, string> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await run(['bash', '-euo', 'pipefail', '-c', onThisStack(script)], {
    cwd,
    // The stack is on this machine, or in the same network of containers.
    env: { ...process.env, NO_PROXY: '*', no_proxy: '*', ...variables },
    output: 'kept',
    withinMs: EXAMPLE_MS,
  })
  if (exitCode !== 0) throw new Error(`it ended with ${exitCode}: ${stdout.slice(-1000)}${stderr.slice(-2000)}`)
  return stdout
}

/**
 * Runs a program that a reader has saved beside the folder `tests`.
 * @param command as the document writes it
 */
export async function runSaved(file: string, code: string, command: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'))
  try {
    symlinkSync(join(root, 'tests'), join(folder, 'tests'))
    writeFileSync(join(folder, file), onThisStack(code))
    return await runShell(command.replace('tests/harness/bun', process.execPath), folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Commands, and the lines that the document says they print: comments behind them, in which `…` stands for anything. */
export type Step = { code: string; prints: string[] }

export function steps(script: string): Step[] {
  const all: Step[] = []
  for (const line of script.trimEnd().split('\n')) {
    const last = all.at(-1)
    if (line.startsWith('# ')) last?.prints.push(line.slice(2))
    else if (last && last.prints.length === 0) last.code += `\n${line}`
    else all.push({ code: line, prints: [] })
  }
  return all
}

/** Makes curl fail at an error status. */
export const refusalsFail = (code: string): string => code.replaceAll('curl ', 'curl -f ')

/** Lets a curl that follows a stream end by itself. */
export const onlyBegins = (code: string): string =>
  code.includes('curl -N ') ? `${code} --max-time 1 || test $? = ${CURL_OUT_OF_TIME}` : code

/** The printed lines that differ from the document. */
export async function surprises(example: string): Promise<string[]> {
  const mark = `--- ${crypto.randomUUID()}`
  const all = steps(example)
  const script = all.map(({ code }) => code).join(`\nprintf '\\n%s\\n' '${mark}'\n`)
  const printed = await runShell(refusalsFail(script))
  const parts = printed.split(mark)
  return all.flatMap(({ code, prints }, i) => {
    const lines = (parts[i] ?? '').split('\n').filter(Boolean)
    const isSo =
      prints.length === 0 || (lines.length === prints.length && prints.every((say, n) => fits(say, lines[n])))
    return isSo ? [] : [`${code}\nprints ${JSON.stringify(lines)}, not ${JSON.stringify(prints)}`]
  })
}

const fits = (pattern: string, line = '') =>
  new RegExp(`^${pattern.split('…').map(RegExp.escape).join('.*')}$`).test(line)
