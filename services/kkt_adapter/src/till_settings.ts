import { readFileSync } from 'node:fs'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { fileErrorCode, watchFile } from '@kkt/platform/watched_file.ts'
import type { TillDefaults } from './domain/filled_in.ts'
import { ALL_OTHERS, readTills } from './tills_file.ts'

/** Reading a file of a few kilobytes takes no time that a till would notice. */
const LOOK_MS = 2000

/** The message is for the operator, and names the place in the file. */
export class BadTills extends Error {
  override readonly name = 'BadTills'
}

export type TillSettings = {
  /** The settings that hold for a till's receipts now. */
  of(posId: string): TillDefaults
  /** The watched file; null without one. `fault`: why the file that is there now is not used, or null. */
  file: { fault(): string | null } | null
  /** Looks for a changed file every 2 s, until `stop`. */
  start(): void
  stop(): void
}

/**
 * The settings of the tills: those of the environment for all, and over them those of the file, if there is one.
 * @throws BadTills
 */
export function keepTills(
  { file, usual }: { file: string | null; usual: TillDefaults },
  { clock, logger }: { clock: Clock; logger: Logger },
): TillSettings {
  if (file === null) {
    const nothing = () => undefined
    return { of: () => usual, file: null, start: nothing, stop: nothing }
  }
  const watched = watchFile({
    read: () => readFile(file, usual),
    isFault: (error) => error instanceof BadTills,
    isSame: (one, other) => one.text === other.text,
    onChange: ({ byTill }) => logger.info('tills_changed', { entries: byTill.size }),
    onFault: (fault) => logger.warn('tills_not_changed', { fault }),
    clock,
    everyMs: LOOK_MS,
  })
  return {
    of(posId) {
      const { byTill, others } = watched.current()
      return byTill.get(posId) ?? others
    },
    file: watched,
    start: watched.start,
    stop: watched.stop,
  }
}

type Tills = { text: string; byTill: ReadonlyMap<string, TillDefaults>; others: TillDefaults }

/** @throws BadTills */
function readFile(path: string, usual: TillDefaults): Tills {
  const text = textOf(path)
  const read = readTills(text)
  if (read.kind === 'wrong') throw new BadTills(`The file of TILLS_FILE is wrong: ${read.faults.join('; ')}.`)
  const others = over(usual, read.tills.get(ALL_OTHERS))
  const byTill = new Map([...read.tills].map(([posId, said]) => [posId, over(others, said)]))
  return { text, byTill, others }
}

/** It drops the mark with which some programs begin a file. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws BadTills */
function textOf(path: string): string {
  const bytes = bytesOf(path)
  try {
    return utf8.decode(bytes)
  } catch {
    throw new BadTills(
      'The file of TILLS_FILE is not UTF-8, and its letters would be wrong on the receipts: save it as UTF-8.',
    )
  }
}

/** @throws BadTills */
function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new BadTills(
      `The file of TILLS_FILE cannot be read (${fileErrorCode(error)}): set TILLS_FILE to a JSON file that this user may read.`,
    )
  }
}

const over = ({ ofReceipt, ofItems }: TillDefaults, said: TillDefaults | undefined): TillDefaults => ({
  ofReceipt: { ...ofReceipt, ...said?.ofReceipt },
  ofItems: { ...ofItems, ...said?.ofItems },
})
