/**
 * Bundles the pages into `dist/`, with a hash of its content in each file's name. It takes a fraction of a second, and
 * does nothing where no source has changed: `tests/harness/bun services/pages/build.ts`
 */
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = dirname(fileURLToPath(import.meta.url))
/** The browsers' entry, services/pages/adapter/main.tsx, is run by services/pages/adapter/index.htm. */
const ENTRY = `${FOLDER}/adapter/main.tsx`
/** The services' pages have one icon. */
const ICON = `${FOLDER}/../platform/page/icon.svg`
/** As long as the bundler's. */
const HASH_LENGTH = 8

/**
 * Builds the pages.
 * @param into the folder of the built files; what was there is removed
 * @throws an AggregateError with what the bundler said
 */
export async function buildPages(into: string): Promise<void> {
  const { outputs } = await Bun.build({
    entrypoints: [ENTRY],
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
  const html = readFileSync(`${FOLDER}/adapter/index.htm`, 'utf8')
    .replace('{{script}}', nameOf('.js'))
    .replace('{{style}}', nameOf('.css'))
    .replace('{{icon}}', nameOf('.svg'))

  // Built beside it and then put in place, so that a service never meets half of it.
  const beside = `${into}.${process.pid}`
  mkdirSync(beside, { recursive: true })
  for (const [name, text] of files) writeFileSync(`${beside}/${name}`, text)
  writeFileSync(`${beside}/index.html`, html)
  rmSync(into, { recursive: true, force: true })
  renameSync(beside, into)
}

/** Whether a source is newer than what was built from it. */
export function isStale(built: string): boolean {
  if (!existsSync(`${built}/index.html`)) return true
  const builtMs = statSync(`${built}/index.html`).mtimeMs
  const sources = [
    'build.ts',
    '../../bun.lock',
    ...globSync('{kit,adapter,../platform/page}/**/*.{ts,tsx,css,htm,svg}', { cwd: FOLDER }),
  ].map((path) => `${FOLDER}/${path}`)
  return sources.some((path) => existsSync(path) && statSync(path).mtimeMs > builtMs)
}

if (import.meta.main) {
  const built = `${FOLDER}/dist`
  if (isStale(built)) await buildPages(built)
}
