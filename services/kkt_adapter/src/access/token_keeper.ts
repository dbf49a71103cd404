import { readFileSync } from 'node:fs'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { fileErrorCode, watchFile } from '@kkt/platform/watched_file.ts'
import { BadTokens, carriedOver, readTokens, type Tokens } from './tokens.ts'

/** The path in API_TOKENS_FILE, or the text in API_TOKENS. */
export type TokenSource = { kind: 'file'; path: string } | { kind: 'text'; text: string }

/**
 * A token that is taken out has to stop working soon, and reading some lines costs next to nothing. A changed text counts
 * once two looks in a row find it: a program that writes the file in place may have written half of the lines.
 */
const LOOK_MS = 500

export type TokenKeeper = {
  tokens(): Tokens
  /** Why the file that is there now is not taken, or null. The earlier tokens hold on. */
  fault(): string | null
  /** Looks whether the file has changed, until `stop`. */
  start(): void
  stop(): void
}

/** Keeps the tokens of a source. Those of a file follow its changes. @throws BadTokens */
export function keepTokens(
  source: TokenSource,
  { clock, logger }: { clock: Clock; logger: Pick<Logger, 'info' | 'warn'> },
): TokenKeeper {
  let held: Tokens = new Map()
  let heldText: string | null = null
  let seenText: string | null = null

  /** The same tokens as long as the text is the same, or is seen for the first time. */
  function read(): Tokens {
    const text = source.kind === 'text' ? source.text : textOf(source.path)
    const isWhole = heldText === null || text === seenText
    seenText = text
    if (text === heldText || !isWhole) return held
    held = carriedOver(held, readTokens(text, nameOf(source)))
    heldText = text
    return held
  }

  const watched = watchFile({
    read,
    isFault: (error) => error instanceof BadTokens,
    isSame: (one, other) => one === other,
    onChange: (found) => logger.info('tokens_renewed', { tokens: found.size }),
    onFault: (fault) => logger.warn('tokens_not_renewed', { fault }),
    clock,
    everyMs: LOOK_MS,
  })
  return { tokens: watched.current, fault: watched.fault, start: watched.start, stop: watched.stop }
}

const nameOf = ({ kind }: TokenSource) => (kind === 'text' ? 'API_TOKENS' : 'The file of API_TOKENS_FILE')

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new BadTokens(
      `The file of API_TOKENS_FILE cannot be read (${fileErrorCode(error)}): set API_TOKENS_FILE to a file that this user may read.`,
    )
  }
}
