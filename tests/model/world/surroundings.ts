import type { Logger } from '@kkt/platform/logger.ts'

/** Parts of an adapter's surroundings that no history is about. */
export const NOTHING_AROUND = {
  machine: { openConnections: () => 0, freeBytes: async () => null },
  mockKkt: null,
  redis: null,
  sendHeartbeat: null,
  tls: null,
  tokens: null,
}

const nothing = () => undefined

/** Of parts whose logs nobody reads. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  together: (work) => work(),
}
