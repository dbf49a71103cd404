/**
 * The services as the images ship them, with their bytecode: a process starts from a bundle in less than half of the time. They
 * are made once for all processes of tests, until a source changes.
 */
import { Database } from 'bun:sqlite'
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { HTTP_SERVICES } from './stack/services.ts'
import { modifiedMs } from './stack/settle.ts'

const root = resolve(import.meta.dir, '../..')
const ALL = `${root}/.stack/.bundles`
/** A run that began before the newest edits may still start services. */
const MOST_KEPT = 10
/** Far more than it takes to make them. */
const TURN_WITHIN_MS = 60_000

/** The services, and an adapter that kills itself, for the crash runs. */
const ENTRIES = [...HTTP_SERVICES.map(({ entry }) => entry), 'tests/crash/crashing_adapter.ts']

const bundles = process.env['RUNTIME'] === 'deno' ? null : await madeBundles()

/** The program to run in place of this main.ts: its bundle, or on Deno the file itself. */
export function bundleOf(main: string): string {
  if (bundles === null) return main
  const bundle = `${bundles}/${relative(root, main).replace(/\.ts$/, '.js')}`
  if (!existsSync(bundle)) throw new Error(`There is no bundle of ${main}`)
  return bundle
}

/** @returns the folder of the bundles */
async function madeBundles(): Promise<string> {
  const folder = `${ALL}/${sourcesKey(root)}`
  await makeOnce(folder, makeBundles)
  return folder
}

/**
 * Makes a folder that is not there yet. One process makes it while the others wait.
 * @param make gets an empty folder beside it
 */
export async function makeOnce(folder: string, make: (beside: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return
  const all = dirname(folder)
  mkdirSync(all, { recursive: true })
  // A lock of SQLite ends with its process, however that ends.
  using turn = new Database(`${all}.lock`)
  turn.run(`PRAGMA busy_timeout = ${TURN_WITHIN_MS}`)
  turn.run('BEGIN EXCLUSIVE')
  if (existsSync(folder)) return
  // Made beside it and then moved, because a process that is killed leaves half of it.
  const beside = mkdtempSync(`${all}/new.`)
  await make(beside)
  renameSync(beside, folder)
  removeOldest(all)
}

async function makeBundles(beside: string): Promise<void> {
  await Bun.build({
    entrypoints: ENTRIES.map((entry) => `${root}/${entry}`),
    root,
    outdir: beside,
    target: 'bun',
    format: 'cjs',
    bytecode: true,
    naming: '[dir]/[name].[ext]',
  })
}

/** Changes with any file that may be in a bundle, and with this one. @param checkout its folder */
export function sourcesKey(checkout: string): string {
  const files = globSync(['bun.lock', 'services/**/*.*', 'tests/crash/*.ts', 'tests/harness/bundles.ts'], {
    cwd: checkout,
    exclude: (path) => /(?:^|\/)(?:node_modules|dist[^/]*)$/.test(path) || path.endsWith('.test.ts'),
  })
  const states = files.sort().map((path) => [path, modifiedMs(checkout, path)])
  return Bun.hash(JSON.stringify([Bun.version, states])).toString(36)
}

function removeOldest(all: string): void {
  const madeMs = (name: string) => statSync(`${all}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const newestFirst = readdirSync(all).sort((one, other) => madeMs(other) - madeMs(one))
  for (const name of newestFirst.slice(MOST_KEPT)) rmSync(`${all}/${name}`, { recursive: true, force: true })
}
