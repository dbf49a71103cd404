import { columns } from './output.ts'

/** The doctor's finding about one thing. Only `wrong` keeps the requested stack from running. */
export type Finding = { state: 'ok' | 'note' | 'wrong'; about: string; said: string }

const finding =
  (state: Finding['state']) =>
  (about: string, said: string): Finding => ({ state, about, said })
export const ok = finding('ok')
export const note = finding('note')
export const wrong = finding('wrong')

/** Nothing in the stack's Compose files needs a newer engine. */
export const LEAST_ENGINE = '24.0.0'
/** The first Compose with `include` (Docker's reference of it). */
export const LEAST_COMPOSE = '2.20.3'

const GIB = 2 ** 30
/** The images and the layers that they are built from. With less room a build may fail. */
const NEEDED_GIB = 2
const COMFORTABLE_GIB = 5

/** Compares versions by their numbers: `2.26.1-4` counts as `2.26.1`. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number)
  const [got, wanted] = [numbers(version), numbers(least)]
  const i = wanted.findIndex((number, at) => number !== (got[at] ?? 0))
  return i === -1 || (got[i] ?? 0) > (wanted[i] ?? 0)
}

type Needed = {
  version?: string
  /** The reason, where there is no version. */
  lacks?: string
  least: string
  /** Whether Compose was asked for. Otherwise local mode runs without it. */
  isNeeded: boolean
}

/** @param about the text of the first column */
export function versionFinding(about: string, { version, lacks, least, isNeeded }: Needed): Finding {
  if (version === undefined) {
    const way = isNeeded ? 'install and start it, or take MODE=local' : 'without it, everything runs in local mode'
    return (isNeeded ? wrong : note)(about, `${lacks ?? 'there is none'}: ${way}`)
  }
  if (isAtLeast(version, least)) return ok(about, version)
  return wrong(about, `${version} is older than ${least}: install a newer one, or take MODE=local`)
}

export function diskFinding(freeBytes: number, where: string): Finding {
  const free = freeBytes / GIB
  const said = `${free.toFixed(1)} GiB are free in ${where}`
  if (free >= COMFORTABLE_GIB) return ok('disk space', said)
  const mend = 'docker system prune frees what no container uses'
  return (free < NEEDED_GIB ? wrong : note)('disk space', `${said}: ${mend}`)
}

/**
 * Whether the stack can keep its state, its packages and the tests' results in the checkout.
 * @param folders the folders that the stack writes to
 * @param access throws for a folder that cannot be written to
 */
export function checkoutFinding(folders: string[], access: (folder: string) => void): Finding {
  const about = 'checkout'
  for (const folder of folders) {
    try {
      access(folder)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error
      const trouble = `${folder} cannot be written to (${code}), so make test and local mode do not work`
      return wrong(about, `${trouble}: mount it writable, make it yours, or take another clone`)
    }
  }
  return ok(about, 'can be written to')
}

/** One line a finding, in columns. */
export const findingLines = (findings: Finding[]): string =>
  columns(findings.map(({ state, about, said }) => [state, about, said]))
