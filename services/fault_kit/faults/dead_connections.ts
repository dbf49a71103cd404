import { defineFault } from '../fault.ts'

export const deadConnections = defineFault({
  name: 'dead_connections',
  summary:
    'As after a power cut: each connection that is open now is reset (RST) at its next call, and new ones work. Calls to the control side are spared.',
  example: true,
  stage: 'connection',
  operation: 'any',
  takes: 'switch',
  needsPort: true,
  parameters: {},
  begin: (_parameters, { openPeers }) => {
    const dead = new Set(openPeers())
    // Each connection is reset once: a later connection may have the same client address.
    return ({ peer }) => (dead.delete(peer() ?? '') ? { kind: 'reset' } : undefined)
  },
})
