import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { isCheckout } from '../documents/documents.ts'
import { HTTP_SERVICES } from '../stack/services.ts'
import { productionOf, readLock } from './lock.ts'
import { requireFit, sbomOf } from './sbom.ts'

/** Bundling all services, and reading the schema, take a second each on an idle machine. */
const SLOW_MS = 60_000

const root = resolve(import.meta.dir, '../../..')
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')

const component = z.object({
  type: z.enum(['library', 'platform', 'container']),
  name: z.string(),
  group: z.string().optional(),
  version: z.string().min(1),
  purl: z.string().startsWith('pkg:'),
  'bom-ref': z.string(),
  hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string().regex(/^[\da-f]{128}$/) })).optional(),
  licenses: z.array(z.unknown()).optional(),
})
const document = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
})

/** The image that runs the tests in Compose holds no `.github`, and may hold fewer files. */
const text = isCheckout ? await sbomOf(root) : ''
const sbom = () => document.parse(JSON.parse(text))
const nameOf = ({ group, name }: { group?: string | undefined; name: string }) => (group ? `${group}/${name}` : name)
const libraries = () => sbom().components.filter(({ type }) => type === 'library')

test.skipIf(!isCheckout)(
  'the SBOM has each package that a service names, and all that the bundles of the services hold',
  async () => {
    const listed = new Set(libraries().map(nameOf))
    const named = Object.entries(readLock(read('bun.lock')).workspaces).flatMap(([folder, { dependencies }]) =>
      folder === '' ? [] : Object.keys(dependencies).filter((name) => !name.startsWith('@kkt/')),
    )
    const bundled = await bundledPackages()
    expect(bundled).toEqual(expect.arrayContaining(['elysia', 'ioredis', 'preact', 'zod']))
    expect([...named, ...bundled].filter((name) => !listed.has(name))).toEqual([])
  },
  SLOW_MS,
)

test.skipIf(!isCheckout)('it has no package that serves only development', () => {
  const { workspaces } = readLock(read('bun.lock'))
  const services = Object.entries(workspaces).flatMap(([folder, one]) =>
    folder === '' ? [] : Object.keys(one.dependencies),
  )
  const onlyDevelopment = Object.keys(workspaces['']?.devDependencies ?? {}).filter((name) => !services.includes(name))
  expect(onlyDevelopment).toContain('typescript')
  // Packages that only a tool needs.
  onlyDevelopment.push('pure-rand', 'minimist', 'fast-uri')
  expect(
    libraries()
      .map(nameOf)
      .filter((name) => onlyDevelopment.includes(name)),
  ).toEqual([])
})

test.skipIf(!isCheckout)(
  'each package has a version, a purl, the hash of the lock and a licence; the runtime and the images their tags',
  () => {
    const { all } = productionOf(readLock(read('bun.lock')))
    expect(libraries()).toHaveLength(all.size)
    for (const one of libraries()) {
      expect([one.purl, one.hashes?.length, one.licenses?.length]).toEqual([one.purl, 1, 1])
      expect(one.hashes?.[0]?.content).toBe(all.get(nameOf(one))?.sha512 ?? '')
    }
    const { packageManager } = JSON.parse(read('package.json'))
    const purls = sbom().components.map(({ purl }) => purl)
    expect(purls).toContain(`pkg:npm/${packageManager}`)
    expect(purls).toContain(`pkg:docker/oven/${packageManager}-slim`)
    expect(purls).toContain('pkg:docker/redis@8-alpine')
  },
)

test.skipIf(!isCheckout)(
  'it says what needs what, and is the same each time',
  async () => {
    const needs = new Map(sbom().dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]))
    const ioredis = [...needs.keys()].find((ref) => ref.startsWith('pkg:npm/ioredis@')) ?? ''
    expect(needs.get(ioredis)).toContainEqual(expect.stringMatching(/^pkg:npm\/debug@/))
    expect(needs.get('kkt-stack')).toContain(ioredis)
    expect(await sbomOf(root)).toBe(text)
  },
  SLOW_MS,
)

test.skipIf(!isCheckout)(
  'a document that does not fit the schema is refused',
  async () => {
    const wrong = text.replace('"type": "application"', '"type": "apparatus"')
    await expect(requireFit(wrong)).rejects.toThrow("does not fit CycloneDX's schema")
  },
  SLOW_MS,
)

/** A lock in which one package is in two versions, and peers come in each way. */
const HASH = 'sha512-AAAA'
const LOCK = readLock(`{
  "workspaces": {
    "": { "name": "root", "devDependencies": { "tool": "1.0.0", "given": "1.0.0", }, },
    "services/a": { "name": "@kkt/a", "dependencies": { "@kkt/b": "workspace:*", "one": "1.0.0", }, },
  },
  "packages": {
    "@kkt/b": ["@kkt/b@workspace:services/b"],
    "one": ["one@1.0.0", "", { "dependencies": { "@s/two": "^2.0.0" }, "peerDependencies": { "peer": "*", "given": "*", "found": "*", "missing": "*" }, "optionalPeers": ["found", "missing"] }, "${HASH}"],
    "@s/two": ["@s/two@2.0.0", "", { "optionalDependencies": { "three": "^1.0.0", "elsewhere": "*" } }, "${HASH}"],
    "@s/two/three": ["three@1.5.0", "", { "dependencies": { "peer": "*" } }, "${HASH}"],
    "three": ["three@2.0.0", "", {}, "${HASH}"],
    "peer": ["peer@1.0.0", "", {}, "${HASH}"],
    "found": ["found@1.0.0", "", {}, "${HASH}"],
    "given": ["given@1.0.0", "", {}, "${HASH}"],
    "tool": ["tool@1.0.0", "", { "dependencies": { "three": "^2.0.0" } }, "${HASH}"],
  },
}`)

test('a package is found as a runtime finds it, and a peer counts unless the lock has none or the root names it for development', () => {
  const { all, direct } = productionOf(LOCK)
  const found = [...all.values()].map(({ place, name, version, needs }) => [place, `${name} ${version}`, needs])
  expect(found).toEqual([
    ['one', 'one 1.0.0', ['@s/two', 'peer', 'found']],
    ['@s/two', '@s/two 2.0.0', ['@s/two/three']],
    ['peer', 'peer 1.0.0', []],
    ['found', 'found 1.0.0', []],
    ['@s/two/three', 'three 1.5.0', ['peer']],
  ])
  expect(direct).toEqual(['one'])
})

const inOutputs = z.object({
  outputs: z.record(z.string(), z.object({ inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })) })),
})

/** The packages whose files are in the bundles that the images ship. */
async function bundledPackages(): Promise<string[]> {
  const services = HTTP_SERVICES.map(({ entry }) => `${root}/${entry}`)
  const pages = ['adapter', 'mock'].map((page) => `${root}/services/pages/${page}/main.tsx`)
  const bundles = await Promise.all([
    Bun.build({ entrypoints: services, target: 'bun', metafile: true }),
    Bun.build({ entrypoints: pages, target: 'browser', metafile: true }),
  ])
  const sources = bundles.flatMap(({ metafile }) =>
    Object.values(inOutputs.parse(metafile).outputs).flatMap(({ inputs }) => Object.keys(inputs)),
  )
  const names = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [])
  return [...new Set(names)]
}
