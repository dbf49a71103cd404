/** The bill of materials of the images, in CycloneDX's form. */
import { readFileSync } from 'node:fs'
import { Factories } from '@cyclonedx/cyclonedx-library/Contrib/License'
import { ComponentType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums'
import { Bom, Component, type License, LicenseRepository, Tool } from '@cyclonedx/cyclonedx-library/Models'
import { JSON as inJson, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize'
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec'
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation'
import { PackageURL } from 'packageurl-js'
import parseExpression from 'spdx-expression-parse'
import { z } from 'zod'
import { foreignImages } from '../stack/compose.ts'
import { COMPOSE_FILES } from '../stack/settings.ts'
import { type Package, productionOf, readLock } from './lock.ts'

const rootManifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  packageManager: z.string().regex(/^bun@/),
})
/** Older packages have an object in place of the licence's name. */
const manifest = z.object({
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]),
})

const licences = new Factories.LicenseFactory(parseExpression)

/** @param root the checkout's folder, with its packages installed. @returns the document, which the schema takes */
export async function sbomOf(root: string): Promise<string> {
  const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
  const text = new JsonSerializer(new inJson.Normalize.Factory(Spec1dot6)).serialize(bomOf(read), {
    sortLists: true,
    space: 2,
  })
  await requireFit(text)
  return `${text}\n`
}

/** It reads the schema at its first use, which takes long. */
const validator = new JsonStrictValidator(Spec1dot6.version)

/** @throws Error with the faults of a document that does not fit CycloneDX's schema */
export async function requireFit(text: string): Promise<void> {
  const wrong: unknown = await validator.validate(text)
  if (wrong !== null) throw new Error(`the SBOM does not fit CycloneDX's schema: ${JSON.stringify(wrong)}`)
}

/** It names no time, so the same checkout gives the same document. */
function bomOf(read: (path: string) => string): Bom {
  const { name, version, license, packageManager } = rootManifest.parse(JSON.parse(read('package.json')))
  const whole = new Component(ComponentType.Application, name, { version, licenses: licensed(license), bomRef: name })
  const bom = new Bom()
  bom.metadata.component = whole
  bom.metadata.tools.tools.add(new Tool({ name: 'tests/harness/sbom' }))
  const { all, direct } = productionOf(readLock(read('bun.lock')))
  const components = new Map([...all.values()].map((one) => [one.place, componentOf(one, read)]))
  for (const [place, { needs }] of all) {
    for (const need of needs) linked(components.get(place), components.get(need))
  }
  for (const place of direct) linked(whole, components.get(place))
  const [, bunVersion = ''] = packageManager.split('@')
  const bun = npmComponent(ComponentType.Platform, { name: 'bun', version: bunVersion, licence: 'MIT' })
  for (const one of [...components.values(), bun, ...imagesIn(read)]) bom.components.add(one)
  for (const one of [bun, ...imagesIn(read)]) linked(whole, one)
  return bom
}

function linked(from: Component | undefined, to: Component | undefined): void {
  if (from && to) from.dependencies.add(to.bomRef)
}

function componentOf({ place, name, version, sha512 }: Package, read: (path: string) => string): Component {
  const folders = place.match(/(?:@[^/]+\/)?[^/]+/g) ?? []
  const path = `node_modules/${folders.join('/node_modules/')}/package.json`
  const licence = manifest.parse(JSON.parse(read(path))).license
  const component = npmComponent(ComponentType.Library, { name, version, licence })
  component.hashes.set(HashAlgorithm['SHA-512'], sha512)
  return component
}

function npmComponent(type: ComponentType, one: { name: string; version: string; licence: string }): Component {
  const { name, version, licence } = one
  const [last = '', scope] = name.split('/').reverse()
  const purl = new PackageURL('npm', scope ?? null, last, version, null, null).toString()
  const licenses = licensed(licence)
  const whole = { version, licenses, purl, bomRef: purl }
  return new Component(type, last, scope === undefined ? whole : { ...whole, group: scope })
}

const licensed = (licence: string) => new LicenseRepository([licences.makeFromString(licence) satisfies License])

/** The images that services run on, and those of their helpers. Each by its tag. */
function imagesIn(read: (path: string) => string): Component[] {
  const names = ['services/Dockerfile', ...COMPOSE_FILES].flatMap((path) => foreignImages(read(path)))
  return [...new Set(names)].map((image) => {
    const [name = '', version = ''] = image.split(':')
    const [last = '', ...owner] = name.split('/').reverse()
    const purl = new PackageURL('docker', owner.reverse().join('/') || null, last, version, null, null).toString()
    return new Component(ComponentType.Container, name, { version, purl, bomRef: purl })
  })
}
