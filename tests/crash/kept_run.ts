/** The frame of crash and chaos runs: a folder for the evidence, which stays only where something failed. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { indent, say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'

/** A fault that shows once often shows a thousand times. */
const MOST_SHOWN = 20

const root = fileURLToPath(new URL('../..', import.meta.url))

type Run = {
  name: string
  seed: number
  /** The command that repeats the run. */
  replay: string
}

/** `folder` is relative to the root. */
export type Ended = { failed: readonly string[]; folder: string; replay: string }

/**
 * Runs `work` with an empty folder. An error that it throws counts as a failure.
 * @param work resolves to the failures, one a line
 * @throws Stop as it is, because its message is for the user
 */
export async function keptRun(
  { name, seed, replay }: Run,
  work: (path: string, folder: string) => Promise<readonly string[]>,
): Promise<Ended> {
  const folder = `test-results/${name}/${seed}`
  const path = join(root, folder)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  const failed = await work(path, folder).catch((error: unknown) => {
    if (error instanceof Stop) throw error
    return [`the run came to no end: ${error instanceof Error ? error.stack : error}`]
  })
  if (failed.length === 0) rmSync(path, { recursive: true })
  // For a reader who gets only this folder.
  else writeFileSync(join(path, 'failures.txt'), `${failed.join('\n')}\n\n${replay} replays it.\n`)
  return { failed, folder, replay }
}

/**
 * Prints the failures and the place of the evidence.
 * @param kept the contents of the folder, as the subject of a sentence
 * @returns the exit code of the run's command
 */
export function endRun({ failed, folder, replay }: Ended, kept: string): number {
  if (failed.length === 0) return 0
  const more = failed.length - MOST_SHOWN
  say(`\n${failed.length} failures:\n${indent(failed.slice(0, MOST_SHOWN).join('\n'))}`)
  if (more > 0) say(`  and ${more} more`)
  say(`\n${kept} are in ${folder}/`)
  say(`${replay} replays it.`)
  return 1
}

/** Writes each value to a file of its name. */
export function keepJson(folder: string, files: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`)
}
