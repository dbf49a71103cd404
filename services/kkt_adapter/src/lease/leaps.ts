import { MAX_TOKEN } from '../domain/fencing_token.ts'

const FIRST_LEAP_MS = 1000

/** Which tokens the OFD has refused as outdated, and how far beyond them the next one is. */
export type Leaps = {
  /** The OFD knows a newer token than this one. */
  refused(token: number): void
  isRefused(token: number): boolean
  /** What a new token has to exceed: ours, and those that others without Redis have read off their clocks. */
  floorAbove(ownToken: number): number
}

/**
 * If a sender with a fast clock issued a higher token, ours goes up in steps that double after each refusal, however long the
 * OFD lets us wait in between: it overtakes any token up to `MAX_TOKEN` within 42 refusals. There it stays, and is sent again:
 * an OFD that refuses even that one takes none, until it has been mended.
 */
export function createLeaps({ wallMs }: { wallMs: () => number }): Leaps {
  /** The newest token that was refused, and the one before it. */
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
