import { posix } from 'node:path'
import { isScript, isTest, type Source, ships } from './source.ts'

/** Static and dynamic imports and exports from elsewhere, in the text: in the code alone the names are blank. */
const IMPORT = /^\s*(?:import|export|\}).*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/** One import of a file of the repository. */
export type Import = {
  importer: string
  line: number
  /** The file that is imported. */
  target: string
}

/** All imports of the sources, types' too. One that means different files on different runtimes is one for each. */
export function importsOf(sources: Source[]): Import[] {
  const packages = packageFolders(sources)
  return sources
    .filter(({ path }) => isScript(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(IMPORT)].flatMap((match) => {
        const [whole, from, bare, dynamic] = match
        const line = text.slice(0, match.index + whole.length).split('\n').length
        const targets = resolve(path, from ?? bare ?? dynamic ?? '', packages)
        return targets.map((target) => ({ importer: path, line, target }))
      }),
    )
}

/** Files that nothing needs: neither an entry point, nor a test, nor imported by what is needed for the same end. */
export function deadFiles(sources: Source[]): string[] {
  const importers = new Map<string, string[]>()
  for (const { importer, target } of importsOf(sources)) {
    importers.set(target, [...(importers.get(target) ?? []), importer])
  }
  // `isEntry` comes last, because it reads everything for each path.
  return sources
    .map(({ path }) => path)
    .filter((path) => /\.(tsx?|js|css|htm|sql)$/.test(path) && !isTest(path) && !path.endsWith('.d.ts'))
    .filter((path) => !(importers.get(path) ?? []).some((importer) => !ships(path) || ships(importer)))
    .filter((path) => !isEntry(path, sources))
}

/** Whether a file is run by its path. */
const isEntry = (path: string, sources: Source[]) =>
  path.endsWith('/main.ts') || sources.some(({ text, path: other }) => other !== path && text.includes(path))

type Packages = { folders: Map<string, string>; inner: { folder: string; name: string; target: string }[] }

function packageFolders(sources: Source[]): Packages {
  const manifests = sources.filter(({ path }) => path.endsWith('/package.json'))
  const folders = new Map<string, string>()
  const inner: Packages['inner'] = []
  for (const { path, text } of manifests) {
    const folder = posix.dirname(path)
    const manifest: { name?: string; imports?: Record<string, string | Record<string, string>> } = JSON.parse(text)
    if (manifest.name) folders.set(manifest.name, folder)
    for (const [name, targets] of Object.entries(manifest.imports ?? {})) {
      for (const target of typeof targets === 'string' ? [targets] : Object.values(targets)) {
        inner.push({ folder, name, target: posix.join(folder, target) })
      }
    }
  }
  return { folders, inner }
}

/** The paths that an import may mean: more than one where the runtime chooses. */
function resolve(importer: string, from: string, { folders, inner }: Packages): string[] {
  if (from.startsWith('.')) return [posix.join(posix.dirname(importer), from)]
  if (from.startsWith('#')) {
    return inner.filter(({ folder, name }) => name === from && importer.startsWith(folder)).map(({ target }) => target)
  }
  const [scope, name, ...rest] = from.split('/')
  const folder = folders.get(`${scope}/${name}`)
  return folder ? [posix.join(folder, ...rest)] : []
}
