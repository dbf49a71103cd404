/**
 * The services as the images ship them: a process starts from a bundle in half of the time. They are made once for all processes
 * of tests, until a source changes.
 */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { HTTP_SERVICES } from './stack/services.ts'
import { modifiedMs } from './stack/settle.ts'

const root = resolve(import.meta.dir, '../..')
const ALL = `${root}/.stack/.bundles`
/** A run that began before the newest edits may still start services. */
const MOST_KEPT = 10

const bundles = process.env['RUNTIME'] === 'deno' ? null : await madeBundles()

/** The program to run in place of a service's main.ts: its bundle, or on Deno the file itself. */
export function bundleOf(main: string): string {
  if (bundles === null) return main
  const bundle = `${bundles}/${relative(`${root}/services`, main).replace(/\.ts$/, '.js')}`
  if (!existsSync(bundle)) throw new Error(`There is no bundle of ${main}`)
  return bundle
}

/** @returns the folder of the bundles */
async function madeBundles(): Promise<string> {
  const folder = `${ALL}/${sourcesKey(root)}`
  if (existsSync(folder)) return folder
  mkdirSync(ALL, { recursive: true })
  // Made beside it and then moved, because other processes may be making the same.
  const beside = mkdtempSync(`${ALL}/new.`)
  await Bun.build({
    entrypoints: HTTP_SERVICES.map(({ entry }) => `${root}/${entry}`),
    root: `${root}/services`,
    outdir: beside,
    target: 'bun',
    naming: '[dir]/[name].[ext]',
  })
  // A bundle looks for its page beside itself.
  for (const { entry } of HTTP_SERVICES) {
    symlinkSync(`${root}/services/pages/dist`, `${dirname(`${beside}/${relative('services', entry)}`)}/dist`)
  }
  try {
    renameSync(beside, folder)
  } catch (error) {
    rmSync(beside, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  removeOldest()
  return folder
}

/** Changes with any file that may be in a bundle. @param checkout its folder */
export function sourcesKey(checkout: string): string {
  const files = globSync(['bun.lock', 'services/**/*.*'], {
    cwd: checkout,
    exclude: (path) => /(?:^|\/)(?:node_modules|dist[^/]*)$/.test(path) || path.endsWith('.test.ts'),
  })
  const states = files.sort().map((path) => [path, modifiedMs(checkout, path)])
  return Bun.hash(JSON.stringify([Bun.version, states])).toString(36)
}

function removeOldest(): void {
  const madeMs = (name: string) => statSync(`${ALL}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const newestFirst = readdirSync(ALL).sort((one, other) => madeMs(other) - madeMs(one))
  for (const name of newestFirst.slice(MOST_KEPT)) rmSync(`${ALL}/${name}`, { recursive: true, force: true })
}
