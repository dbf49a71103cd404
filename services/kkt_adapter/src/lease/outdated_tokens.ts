import { MAX_TOKEN } from '../domain/fencing_token.ts'

const FIRST_LEAP_MS = 1000

/** Remembers the tokens that the OFD refused as outdated, and computes the next one. */
export type OutdatedTokens = {
  /** The OFD knows a newer token than this one. */
  refused(token: number): void
  isRefused(token: number): boolean
  /** A new token must exceed this: our own token, and those that other hosts took from their clocks without Redis. */
  floorAbove(ownToken: number): number
}

/**
 * If a sender with a fast clock issued a higher token, raise ours in steps that double after each refusal, whatever the
 * time between refusals. It overtakes any token up to `MAX_TOKEN` within 42 refusals. An OFD that refuses even
 * `MAX_TOKEN` takes no receipt until it has been mended.
 */
export function createOutdatedTokens({ wallMs }: { wallMs: () => number }): OutdatedTokens {
  /** The newest refused token, and the one before it. */
  let newest = 0
  let before = 0
  return {
    refused(token) {
      const refused = Math.min(token, MAX_TOKEN - 1)
      if (refused > newest) [before, newest] = [newest === 0 ? refused : newest, refused]
    },
    isRefused: (token) => token <= newest,
    floorAbove(ownToken) {
      if (ownToken > newest) return Math.max(ownToken, wallMs())
      const leapMs = Math.max(FIRST_LEAP_MS, 2 * (newest - before))
      return Math.min(MAX_TOKEN, Math.max(wallMs() + FIRST_LEAP_MS, ownToken + leapMs))
    },
  }
}
