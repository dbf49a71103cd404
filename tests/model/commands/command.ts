import type { KktFaultsChange } from '@kkt/adapter/src/kkt/mock/faults.ts'
import type { Reach } from '@kkt/adapter/src/testing/test_redis.ts'
import type { DiskFault } from '../world/disk.ts'
import type { Refusal } from '../world/ofd.ts'
import type { OfdFault } from '../world/ofd_faults.ts'
import type { Settings } from '../world/settings.ts'
import type { Strike } from '../world/strikes.ts'

/** So often as to be for ever. A number, for a history is kept as JSON. */
export const FOR_EVER = 1_000_000

/** What happens in a history, one after the other. Whatever cannot be done at its time does nothing. */
export type Command =
  /** So many new receipts at once: at another node where this one does not listen. */
  | { do: 'sell'; node: number; till: number; count: number }
  /** The receipt before so many others, again. */
  | { do: 'repeat'; node: number; back: number }
  /** Its key, with another body. */
  | { do: 'misuse'; node: number; back: number }
  | { do: 'wait'; ms: number }
  | { do: 'ofd'; fault: OfdFault; on: 'posts' | 'lookups' | 'all'; times: number }
  /** Its machine loses its power for a moment. */
  | { do: 'ofd_power_cycle' }
  | { do: 'refuse'; what: Refusal['what']; till: number; status: Refusal['status'] }
  | { do: 'kkt'; faults: KktFaultsChange }
  /** The KKT's answers take so long to come to this node. */
  | { do: 'kkt_late'; node: number; ms: number }
  | { do: 'disk'; disk: 'journal' | 'kkt'; fault: DiskFault; times: number }
  | { do: 'redis'; node: number; reach: Reach }
  | { do: 'flush_redis' }
  /** Something that is no token comes into the place of the newest one. */
  | { do: 'spoil_redis' }
  /** Another host has something to send for so long, and waits for the lease where that is not free. */
  | { do: 'other_host'; ms: number; dies: boolean }
  | { do: 'heal'; what: 'ofd' | 'kkt' | 'disk' | 'redis' }
  | { do: 'strike'; node: number; strike: Strike }
  | { do: 'crash'; node: number }
  | { do: 'start'; node: number }
  | { do: 'stop'; node: number }
  | { do: 'pause'; node: number; ms: number }
  | { do: 'resume'; node: number }
  | { do: 'set_clock'; byMs: number }
  | { do: 'sync'; node: number }
  | { do: 'requeue'; node: number; what: 'one' | 'all' }
  | { do: 'close'; node: number }
  | { do: 'look'; node: number }

export type History = { settings: Settings; commands: readonly Command[] }
