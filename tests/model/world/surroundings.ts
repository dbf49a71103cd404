/** Parts of an adapter's surroundings that no history is about. */
export const NOTHING_AROUND = {
  machine: { openConnections: () => 0, freeBytes: async () => null },
  mockKkt: null,
  redis: null,
  sendHeartbeat: null,
  tls: null,
}
