import type { Config } from '@kkt/adapter/src/config.ts'
import type { RedisLeases } from '@kkt/adapter/src/lease/redis_leases.ts'
import type { TillSettings } from '@kkt/adapter/src/till_settings.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import type { LogFields, LogLevel } from '@kkt/platform/logger.ts'
import type { DeviceWatch } from './device.ts'
import type { Disk } from './disk.ts'
import type { Front } from './front.ts'
import type { SimNode } from './node.ts'
import type { SimProcess } from './process.ts'
import type { Strike } from './strikes.ts'
import type { SimTime } from './time.ts'

/** Everything that a node uses, and the watch on it. */
export type Ground = {
  time: SimTime
  config: Config
  /** From 0 to below 1. */
  random: () => number
  journalDisk: Disk
  kktDisk: Disk
  tills: TillSettings
  front: Front
  /** Whether the next process is known as the successor of the last one, as in the same container. */
  restartsInPlace: boolean
  send(process: SimProcess, request: Request, connection: Connection): Promise<Response>
  /** Sends a request to the register's service, where the KKT has one. */
  sendToKkt(process: SimProcess, request: Request): Promise<Response>
  newUuid(): string
  /** The other hosts with the same KKT, if there are any. */
  hosts(process: SimProcess): RedisLeases | null
  watch: NodeWatch
}

export type NodeWatch = {
  device(node: SimNode): DeviceWatch
  sends(node: SimNode, request: Request): void
  logs(node: SimNode, level: LogLevel, event: string, fields: LogFields): void
  started(node: SimNode): void
  struck(node: SimNode, strike: Strike): void
  ended(node: SimNode, how: 'crashed' | 'stopped' | 'did not start'): void
}
