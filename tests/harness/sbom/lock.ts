/** Reads bun.lock: which packages the services need, and which serve only development. */
import { z } from 'zod'

const names = z.record(z.string(), z.string()).default({})
const needs = z.object({
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
})
const workspace = z.looseObject({ name: z.string(), dependencies: names, devDependencies: names })
/** A package of the registry: its name and version, the registry where it is not the usual one, its needs, its hash. */
const fromRegistry = z.tuple([z.string(), z.string(), needs, z.string().regex(/^sha512-/)])
const fromWorkspace = z.tuple([z.string().regex(/@workspace:/)])
const lockFile = z.object({
  workspaces: z.record(z.string(), workspace),
  packages: z.record(z.string(), z.union([fromRegistry, fromWorkspace])),
})

export type Package = {
  /** Its place in the lock, and below node_modules: `a`, or `b/a` where b needs another a than the rest. */
  place: string
  name: string
  version: string
  /** Of the packed package, in hexadecimal. */
  sha512: string
  /** The places of the packages that it needs. */
  needs: string[]
}

/** @param all by their places; @param direct the places of those that a service names itself */
export type Production = { all: ReadonlyMap<string, Package>; direct: readonly string[] }

type Lock = z.infer<typeof lockFile>

/** @throws ZodError where the text is no lock of a version that is known here */
export const readLock = (text: string): Lock => lockFile.parse(Bun.JSONC.parse(text))

/**
 * The packages that the services need, directly or through others. A peer counts, an optional one too, where the lock has it: a
 * bundle takes in the package that it finds. A peer that the root names as a devDependency is a tool and ships in no image.
 */
export function productionOf({ workspaces, packages }: Lock): Production {
  const { '': root, ...services } = workspaces
  const development = new Set(Object.keys(root?.devDependencies ?? {}))
  const all = new Map<string, Package>()
  const visit = (place: string): string[] => {
    const entry = packages[place]
    if (entry === undefined) throw new Error(`bun.lock has no package at ${place}`)
    if (entry.length === 1) return []
    if (!all.has(place)) all.set(place, packageAt(place, entry))
    return [place]
  }
  const direct = Object.values(services).flatMap(({ dependencies }) => Object.keys(dependencies).flatMap(visit))
  // A map goes on to what is added to it meanwhile.
  for (const one of all.values()) {
    const entry = packages[one.place]
    if (entry?.length !== 4) continue
    const { dependencies, optionalDependencies, peerDependencies } = entry[2]
    const peers = Object.keys(peerDependencies).filter((name) => !development.has(name))
    const wanted = [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]
    one.needs.push(...wanted.flatMap((name) => placeFrom(one.place, name, packages) ?? []).flatMap(visit))
  }
  return { all, direct: [...new Set(direct)] }
}

function packageAt(place: string, [id, , , hash]: z.infer<typeof fromRegistry>): Package {
  const at = id.lastIndexOf('@')
  const sha512 = Buffer.from(hash.slice('sha512-'.length), 'base64').toString('hex')
  return { place, name: id.slice(0, at), version: id.slice(at + 1), sha512, needs: [] }
}

/** As a runtime looks for it: beside the package's own, then one level up, and so on. */
function placeFrom(place: string, name: string, packages: Lock['packages']): string | undefined {
  for (let folder = place; ; folder = withoutLast(folder)) {
    const found = folder === '' ? name : `${folder}/${name}`
    if (packages[found] !== undefined) return found
    if (folder === '') return undefined
  }
}

const withoutLast = (place: string) => place.replace(/(^|\/)(@[^/]+\/)?[^/]+$/, '')
