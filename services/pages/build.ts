/**
 * Bundles the pages into `dist/`, with a hash of its content in each file's name. It takes a fraction of a second, and
 * does nothing where no source has changed: `tests/harness/bun services/pages/build.ts`
 */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
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
 * Builds all pages. Others may build into the same folder at the same time, and services serve from it.
 * @param into the folder of the built files; those of an earlier build are removed
 * @throws an AggregateError with what the bundler said
 */
export async function buildPages(into: string): Promise<void> {
  mkdirSync(into, { recursive: true })
  // Written beside it and then moved, so that nobody reads half a file.
  const beside = mkdtempSync(`${into}.`)
  try {
    for (const page of PAGES) putInPlace(await build(page), beside, `${into}/${page}`)
  } finally {
    rmSync(beside, { recursive: true })
  }
}

function putInPlace(files: ReadonlyMap<string, string>, beside: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  // The page is the last, so all that it names is there before it.
  for (const [name, text] of files) {
    writeFileSync(`${beside}/${name}`, text)
    renameSync(`${beside}/${name}`, `${folder}/${name}`)
  }
  const former = readdirSync(folder).filter((name) => !files.has(name))
  for (const name of former) rmSync(`${folder}/${name}`, { force: true })
}

/** The files of a page by their names, the page itself last. */
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
