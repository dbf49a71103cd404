import { inspect } from 'node:util'
import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { Reach } from '@kkt/adapter/src/testing/test_redis.ts'
import type { KktFaultsChange } from '@kkt/mock-kkt/device/faults.ts'
import type { DiskFault } from '../world/disk.ts'
import type { Refusal } from '../world/ofd.ts'
import type { OfdFault } from '../world/ofd_faults.ts'
import type { RegisterFault, RegisterFaultPlan, ServiceDeath, TaskFaultPlan } from '../world/register_faults.ts'
import type { Settings } from '../world/settings.ts'
import type { Strike } from '../world/strikes.ts'

/** In effect for ever. It is a finite number because a history is kept as JSON. */
export const FOR_EVER = 1_000_000

/** The commands of a history, in order. A command that is impossible at its time does nothing. */
export type Command =
  /**
   * Sends `count` new receipts at once. A till turns to another node where this one does not listen.
   * @param seed of the receipts; 0 makes small sales
   */
  | { do: 'sell'; node: number; till: number; count: number; seed: number }
  /** Sends a receipt that is wrong. */
  | { do: 'sell_wrong'; node: number; till: number; seed: number }
  /** Changes the settings of the tills. */
  | { do: 'settings' }
  /** Sends the receipt again after which `back` others came. */
  | { do: 'repeat'; node: number; back: number }
  /**
   * Puts a receipt right: by its id, by the numbers of its document and its body, or as one that was never fiscalised.
   * @param right the seed of the receipt in its place; null for none
   */
  | {
      do: 'put_right'
      node: number
      till: number
      back: number
      by: 'id' | 'numbers' | 'nothing'
      right: number | null
    }
  /** Sends a request to put a receipt right again, after which `back` others came. `other` is another one under its key. */
  | { do: 'repeat_right'; node: number; back: number; other: boolean }
  /** Sends a refund that names the receipt after which `back` others came. Two tills at once want the rest of it. */
  | { do: 'refund'; node: number; till: number; back: number; by: 'id' | 'numbers'; how: RefundHow }
  /** Removes the receipts that have ended, or also what refunds need of them. */
  | { do: 'prune'; node: number; what: 'receipts' | 'all' }
  /** Sends its key with another body. */
  | { do: 'misuse'; node: number; back: number }
  | { do: 'wait'; ms: number }
  | { do: 'ofd'; fault: OfdFault; on: 'posts' | 'lookups' | 'all'; times: number }
  /** The OFD's machine loses its power for a moment. */
  | { do: 'ofd_power_cycle' }
  | { do: 'refuse'; what: Refusal['what']; till: number; status: Refusal['status'] }
  | { do: 'kkt'; faults: KktFaultsChange }
  /** Delays the KKT's answers to this node. */
  | { do: 'kkt_late'; node: number; ms: number }
  | { do: 'disk'; disk: 'journal' | 'kkt'; fault: DiskFault; times: number }
  | { do: 'redis'; node: number; reach: Reach }
  | { do: 'flush_redis' }
  /** Puts a value that is no token in the place of the newest token. */
  | { do: 'spoil_redis' }
  /** Another host has something to send for `ms`, and waits for the lease where that is taken. */
  | { do: 'other_host'; ms: number; dies: boolean }
  | { do: 'heal'; what: 'ofd' | 'kkt' | 'disk' | 'redis' }
  /** A fault on the way to the register's service. */
  | { do: 'register_wire'; plan: RegisterFault; on: RegisterFaultPlan['on']; times: number }
  | { do: 'register_tasks'; plan: TaskFaultPlan }
  | { do: 'register_dies'; how: ServiceDeath }
  /** The results of all requests that have ended are deleted. */
  | { do: 'delete_results' }
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
  /**
   * Asks for other work of the KKT than a receipt.
   * @param back of a copy: the receipt after which `back` others came
   * @param key its own, none where none is needed, or that of the receipt
   * @param twice asks two nodes at once
   */
  | { do: 'task'; node: number; kind: TaskKind; kopecks: number; back: number; key: TaskKey; twice: boolean }
  /** Asks for it again, after which `back` others came. `other` is other work under its key. */
  | { do: 'repeat_task'; node: number; back: number; other: boolean }
  /** Puts another FN into the KKT. */
  | { do: 'replace_fn' }
  | { do: 'settle_task'; node: number }
  | { do: 'settle_receipt'; node: number }
  | { do: 'close_untraced'; node: number }

export type TaskKey = 'own' | 'none' | 'of_receipt'
export type RefundHow = 'part' | 'rest' | 'beyond' | 'two_at_once' | 'unknown'

export type History = { settings: Settings; commands: readonly Command[] }

/** A command as a line of the story. */
export const told = ({ do: name, ...fields }: Command): string =>
  `${name.replaceAll('_', ' ')} ${inspect(fields, { breakLength: Number.POSITIVE_INFINITY })}`
