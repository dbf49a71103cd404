import { readFileSync } from 'node:fs'
import type { Limits } from './limits.ts'

/** More than a shop has tills, phones and probes. Each open connection may hold 64 KiB. */
const ENOUGH_CONNECTIONS = 1000
const ENOUGH_TURNED_AWAY = 128

/** The runtime's own files, two databases with their logs, Redis, Odoo: 16 were open on Bun, 31 on Deno. */
const OWN_DESCRIPTORS = 40

/** The lowest default limit of a system (macOS). */
const FEWEST_DESCRIPTORS = 256

/** The message is for the operator and says which setting to change. */
export class TooFewDescriptors extends Error {
  override readonly name = 'TooFewDescriptors'
}

/**
 * The number of connections that a listener may hold while descriptors are left for everything else. Without a free
 * descriptor Bun ends the process and Deno stops listening.
 * @param needs.wanted the value of MAX_CONNECTIONS, if set
 * @param needs.outgoing connections that the process may open itself at once; at most an eighth of all descriptors is
 * kept for them
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
 * The number of files that this process may open. Bun and Deno raise the soft limit to the hard one when they start.
 * @returns null when the system does not say
 */
function readDescriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? null : Number(soft)
  } catch {
    // Deno may not read that file, so services/start_on_deno passes the number on.
    const told = Number(process.env['OPEN_FILES_LIMIT'])
    return Number.isInteger(told) && told > 0 ? told : null
  }
}
