import { readFileSync } from 'node:fs'
import type { Limits } from './limits.ts'

/** More than a shop has tills, phones and probes. Each that is open may hold 64 KiB. */
const ENOUGH_CONNECTIONS = 1000
const ENOUGH_TURNED_AWAY = 128

/** The runtime's own files, two databases with their logs, Redis, Odoo: 16 were open on Bun, 31 on Deno. */
const OWN_DESCRIPTORS = 40

/** The fewest that a system gives to a process (macOS). */
const FEWEST_DESCRIPTORS = 256

/** Its message is for the operator, and says what to change. */
export class TooFewDescriptors extends Error {
  override readonly name = 'TooFewDescriptors'
}

/**
 * How many connections a listener may hold, so that descriptors are left for everything else: without one, Bun ends the
 * process and Deno stops listening.
 * @param needs.wanted what MAX_CONNECTIONS says, if anything
 * @param needs.outgoing connections that the process may open itself at once; an eighth of all descriptors at most is kept for them
 * @throws TooFewDescriptors
 */
export function roomForConnections(
  { wanted, outgoing }: { wanted: number | null; outgoing: number },
  descriptors = readDescriptorLimit() ?? FEWEST_DESCRIPTORS,
): Pick<Limits, 'connections' | 'turnedAway'> {
  const eighth = Math.floor(descriptors / 8)
  const turnedAway = Math.min(eighth, ENOUGH_TURNED_AWAY)
  const kept = OWN_DESCRIPTORS + turnedAway + Math.min(outgoing, eighth)
  const room = descriptors - kept
  if (room >= (wanted ?? 1)) return { connections: wanted ?? Math.min(room, ENOUGH_CONNECTIONS), turnedAway }
  const limits = `this process may open ${descriptors} files and needs ${kept} of them for itself. Raise its limit (ulimit -n)`
  if (wanted === null || room < 1) throw new TooFewDescriptors(`Too few files can be opened: ${limits}.`)
  throw new TooFewDescriptors(`MAX_CONNECTIONS is ${wanted}: ${limits}, or set MAX_CONNECTIONS to at most ${room}.`)
}

/**
 * How many files this process may open. Bun and Deno raise the soft limit to the hard one when they start.
 * @returns null where the system does not tell
 */
function readDescriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? null : Number(soft)
  } catch {
    // Deno may not read that file: services/start_on_deno passes the number on.
    const told = Number(process.env['OPEN_FILES_LIMIT'])
    return Number.isInteger(told) && told > 0 ? told : null
  }
}
