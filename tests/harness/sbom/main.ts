/** Writes the bill of materials of the images to test-results/sbom/sbom.cdx.json. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from '../stack/command.ts'
import { say } from '../stack/output.ts'
import { sbomOf } from './sbom.ts'

/** A run of the tests removes the files of test-results, and leaves its folders. */
const FOLDER = 'test-results/sbom'

const root = resolve(import.meta.dir, '../../..')

async function main(): Promise<number> {
  const text = await sbomOf(root)
  mkdirSync(`${root}/${FOLDER}`, { recursive: true })
  writeFileSync(`${root}/${FOLDER}/sbom.cdx.json`, text)
  say(`${FOLDER}/sbom.cdx.json has the packages, runtime and images that the services ship with (CycloneDX).`)
  return 0
}

await runCommand(main)
