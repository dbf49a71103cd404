import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutant.ts'

const COPIED = ['services', 'tests', 'package.json', 'tsconfig.json', 'bunfig.toml']
/** The scope of this repository's packages, which must come from the copy. */
const OWN_SCOPE = '@kkt'

export type Copy = { folder: string; plant(mutant: Mutant): void; restore(mutant: Mutant): void; remove(): void }

/** A copy of the sources for planting bugs, with the installed packages linked into it. */
export function copySources(root: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  const isOurs = (path: string) => !path.includes('node_modules')
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true, filter: isOurs })
  const packages = join(folder, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== OWN_SCOPE) symlinkSync(join(root, 'node_modules', name), join(packages, name))
  }
  // These links are relative, and so lead into the copy.
  cpSync(join(root, 'node_modules', OWN_SCOPE), join(packages, OWN_SCOPE), {
    recursive: true,
    verbatimSymlinks: true,
  })
  return {
    folder,
    plant: (mutant) => writeFileSync(join(folder, mutant.file), planted(root, mutant)),
    restore: ({ file }) => cpSync(join(root, file), join(folder, file)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * The text of a file with the bug planted.
 * @throws Error unless the place occurs exactly once
 */
export function planted(root: string, { name, file, find, replace }: Mutant): string {
  const parts = readFileSync(join(root, file), 'utf8').split(find)
  if (parts.length !== 2)
    throw new Error(`"${name}": ${file} has its place ${parts.length - 1} times, and it takes one.`)
  return parts.join(replace)
}
