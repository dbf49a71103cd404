import { indent, say } from './stack/output.ts'
import { Stop } from './stack/stop.ts'

/** What goes wrong once often goes wrong a thousand times. */
const MOST_SHOWN = 20

/**
 * Tells what a run has found, and where its evidence is.
 * @param kept what is in `folder`, as the subject of a sentence
 * @param replay the line that finds it again
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
 * What a run that came to no end has found.
 * @throws a Stop, which is for the user as it is
 */
export function noEnd(error: unknown): string[] {
  if (error instanceof Stop) throw error
  return [`the run came to no end: ${error instanceof Error ? error.stack : error}`]
}
