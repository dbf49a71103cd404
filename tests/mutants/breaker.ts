import { adapter, type Mutant } from './mutant.ts'

/** Bugs in what is sent while the OFD is away. */
export const BREAKER: readonly Mutant[] = [
  {
    name: 'take each lost connection for one that was dead',
    breaks: 'invariant 11',
    file: adapter('delivery/hand_over.ts'),
    find: 'if (isAgain) return',
    replace: 'if (isAgain && !isAgain) return',
    caughtBy: adapter('delivery/deliver_lost_connection.test.ts'),
  },
  {
    name: 'count probes as attempts',
    breaks: 'invariant 11',
    file: adapter('delivery/delivery_records.ts'),
    find: '&& !wasProbe && isOwnFailure()',
    replace: '&& isOwnFailure()',
    caughtBy: adapter('delivery/worker_outages.test.ts'),
  },
  {
    name: 'send through an open breaker',
    breaks: 'invariant 11',
    file: adapter('delivery/gate.ts'),
    find: "closed_off: 'shut'",
    replace: "closed_off: 'all'",
    caughtBy: adapter('delivery/worker_outages.test.ts'),
  },
  {
    name: 'have a probe follow at once on a try that failed here',
    breaks: 'invariant 11',
    file: adapter('delivery/lanes.ts'),
    find: '!(isProbe && isRecorded)',
    replace: '!isProbe',
    caughtBy: adapter('delivery/worker_failing_disk.test.ts'),
  },
]
