import { indent, say } from './stack/output.ts'
import { Stop } from './stack/stop.ts'

/** A fault that shows once often shows a thousand times. */
const MOST_SHOWN = 20

/**
 * Reports a run's failures and the place of its evidence.
 * @param kept the contents of `folder`, as the subject of a sentence
 * @param replay the line that repeats the run
 * @returns the exit code of the run's command
 */
export function endRun(
  found: readonly string[],
  { kept, folder, replay }: Record<'kept' | 'folder' | 'replay', string>,
): number {
  if (found.length === 0) return 0
  const more = found.length - MOST_SHOWN
  say(`\n${found.length} failures:\n${indent(found.slice(0, MOST_SHOWN).join('\n'))}`)
  if (more > 0) say(`  and ${more} more`)
  say(`\n${kept} are in ${folder}/`)
  say(replay)
  return 1
}

/**
 * The failures of a run that threw.
 * @throws Stop as it is, because its message is for the user
 */
export function noEnd(error: unknown): string[] {
  if (error instanceof Stop) throw error
  return [`the run came to no end: ${error instanceof Error ? error.stack : error}`]
}
