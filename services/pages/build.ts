/**
 * Bundles the pages into `dist/`, with a hash of its content in each file's name. It takes a fraction of a second, and
 * does nothing where no source has changed: `tests/harness/bun services/pages/build.ts`
 */
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = dirname(fileURLToPath(import.meta.url))
/**
 * Each is a folder here and, built, one in `dist/`. The browsers' entries services/pages/adapter/main.tsx and
 * services/pages/mock/main.tsx are run by services/pages/adapter/index.htm and services/pages/mock/index.htm.
 */
const PAGES = ['adapter', 'mock'] as const
export type PageName = (typeof PAGES)[number]
/** The services' pages have one icon. */
const ICON = `${FOLDER}/../platform/page/icon.svg`
/** As long as the bundler's. */
const HASH_LENGTH = 8

/**
 * Builds all pages.
 * @param into the folder of the built files; what was there is removed
 * @throws an AggregateError with what the bundler said
 */
export async function buildPages(into: string): Promise<void> {
  // Built beside it and then put in place, so that a service never meets half of it.
  const beside = `${into}.${process.pid}`
  for (const page of PAGES) {
    const files = await build(page)
    mkdirSync(`${beside}/${page}`, { recursive: true })
    for (const [name, text] of files) writeFileSync(`${beside}/${page}/${name}`, text)
  }
  rmSync(into, { recursive: true, force: true })
  renameSync(beside, into)
}

/** The files of a page, by their names. */
async function build(page: PageName): Promise<Map<string, string>> {
  const { outputs } = await Bun.build({
    entrypoints: [`${FOLDER}/${page}/main.tsx`],
    target: 'browser',
    format: 'esm',
    minify: true,
    naming: '[name].[hash].[ext]',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const files = new Map<string, string>()
  for (const file of outputs) files.set(basename(file.path), await file.text())
  const icon = readFileSync(ICON, 'utf8')
  files.set(`icon.${Bun.hash(icon).toString(36).padStart(HASH_LENGTH, '0').slice(-HASH_LENGTH)}.svg`, icon)
  const nameOf = (ending: string) => [...files.keys()].find((name) => name.endsWith(ending)) ?? ''
  const html = readFileSync(`${FOLDER}/${page}/index.htm`, 'utf8')
    .replace('{{script}}', nameOf('.js'))
    .replace('{{style}}', nameOf('.css'))
    .replace('{{icon}}', nameOf('.svg'))
  return files.set('index.html', html)
}

/** Whether a source is newer than what was built from it. */
export function isStale(built: string): boolean {
  const pages = PAGES.map((page) => `${built}/${page}/index.html`)
  if (!pages.every((path) => existsSync(path))) return true
  const builtMs = Math.min(...pages.map((path) => statSync(path).mtimeMs))
  const sources = [
    'build.ts',
    '../../bun.lock',
    ...globSync(`{kit,${PAGES.join()},../platform/page}/**/*.{ts,tsx,css,htm,svg}`, { cwd: FOLDER }),
  ].map((path) => `${FOLDER}/${path}`)
  return sources.some((path) => existsSync(path) && statSync(path).mtimeMs > builtMs)
}

if (import.meta.main) {
  const built = `${FOLDER}/dist`
  if (isStale(built)) await buildPages(built)
}
