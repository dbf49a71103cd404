import type { Ground } from './adapter.ts'
import { ofdUrl } from './config.ts'
import type { TestControlDeps } from './http/test_control.ts'

/** The parts that a test, or a person who tries the adapter out, may control. Null in production. */
export const testControlOf = ({ config, mockKkt, pace, clock, sendToOfd }: Ground): TestControlDeps | null =>
  config.hasTestControl
    ? { mockKkt, pace, ofd: { url: ofdUrl(config), clock, send: (request) => sendToOfd(request, 'fresh') } }
    : null
