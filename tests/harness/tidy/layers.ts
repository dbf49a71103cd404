import { type Import, importsOf } from './imports.ts'
import { type Finding, isScript, type Source, ships } from './source.ts'

/** The files directly in `src`, which put the adapter together. */
const COMPOSITION = 'composition'

const LAYERS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  access: ['domain'],
  sqlite: [],
  journal: ['domain', 'sqlite'],
  kkt: ['domain', 'sqlite'],
  lease: ['domain', 'journal'],
  odoo: ['domain'],
  slip: ['domain'],
  printing: ['domain', 'journal', 'kkt', 'lease'],
  delivery: ['domain', 'journal', 'lease'],
  live: ['domain', 'journal'],
  metrics: ['domain', 'sqlite', 'journal', 'kkt', 'lease', 'odoo', 'delivery'],
  http: [
    'domain',
    'sqlite',
    'journal',
    'kkt',
    'lease',
    'odoo',
    'slip',
    'printing',
    'delivery',
    'metrics',
    'live',
    'access',
    // The words of the pages, which the adapter tells, too.
    'pages/adapter',
  ],
}

/**
 * Which part may import which, besides itself and `platform`. A part is a folder of the adapter, the adapter's composition,
 * or another service. A part that is not named here has no place yet; a part may import only those behind its name.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ...LAYERS,
  // The mocks are the OFD and the KKT that run in the adapter's own process.
  [COMPOSITION]: [...Object.keys(LAYERS), 'mock_ofd', 'mock_kkt', 'pages'],
  platform: [],
  fault_kit: ['pages'],
  mock_ofd: ['fault_kit'],
  mock_odoo: ['fault_kit'],
  // Its device keeps to the law by the adapter's rules and keeps its memory in the adapter's SQLite.
  mock_kkt: ['fault_kit', 'domain', 'sqlite'],
  // The files that build and serve the pages. The rest runs in browsers.
  pages: [],
  'pages/kit': [],
  'pages/adapter': ['pages/kit'],
  'pages/mock': ['pages/kit'],
}

/**
 * Imports that the table does not allow, and files in a folder that has no place in it. Only files that ship are checked:
 * a test, and a kit that serves tests, may import whatever they test, other kits, and a mock to test against.
 */
export function misplacedImports(sources: Source[], why: string): Finding[] {
  const shipped = sources.filter(({ path }) => ships(path) && !path.endsWith('.d.ts'))
  const placeless = shipped.filter(({ path }) => !Object.hasOwn(MAY_IMPORT, partOf(path)))
  const wrong = importsOf(sources).filter(({ importer, target }) => ships(importer) && !mayImport(importer, target))
  return [
    ...placeless.map(({ path }) => ({ path, line: 1, why })),
    ...wrong.map(({ importer, line }: Import) => ({ path: importer, line, why })),
  ]
}

function mayImport(importer: string, target: string): boolean {
  // SQL, a manifest and the like belong to the code that reads them.
  if (!isScript(target)) return true
  if (!ships(target)) return false
  const [from, to] = [partOf(importer), partOf(target)]
  return from === to || to === 'platform' || (MAY_IMPORT[from] ?? []).includes(to)
}

/** The part that a file of the services belongs to. */
function partOf(path: string): string {
  const [, service = '', src, folder, file] = path.split('/')
  if (service === 'pages') return folder === undefined ? service : `${service}/${src}`
  if (service !== 'kkt_adapter') return service
  return src === 'src' && folder !== undefined && file !== undefined ? folder : COMPOSITION
}
