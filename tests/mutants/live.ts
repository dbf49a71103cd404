import { adapter, type Mutant } from './mutant.ts'

/** Bugs in what clients and people are told: waits, the stream, the metrics and the slip. */
export const LIVE: readonly Mutant[] = [
  {
    name: 'leave a waiting client asleep at the commit that it waits for',
    breaks: 'waiting',
    file: adapter('live/receipt_waits.ts'),
    find: '  journal.onCommit(heard)\n',
    replace: '',
  },
  {
    name: 'keep the place of a client whose wait is over',
    breaks: 'waiting',
    file: adapter('live/receipt_waits.ts'),
    find: 'forget(id, waiter)\n        over.abort()',
    replace: 'over.abort()',
  },
  {
    name: 'tell an alert only to readers that have caught up',
    breaks: 'the stream',
    file: 'services/platform/hub.ts',
    find: 'sendTo(() => true, chunksOf(make()))',
    replace: 'sendTo(isLive, chunksOf(make()))',
  },
  {
    name: 'follow a stream for HEAD',
    breaks: 'the stream',
    file: 'services/platform/listener/incoming.ts',
    find: "method === 'HEAD' ? 'GET' : method",
    replace: 'method',
    caughtBy: 'services/platform/listener/answering.test.ts',
  },
  {
    name: 'tell a reader that catches up events that are published again',
    breaks: 'the stream',
    file: adapter('live/event_feed.ts'),
    find: '.filter(({ id }) => id <= toldId)',
    replace: '',
  },
  {
    name: 'forget how many receipts a told commit has moved, and tell them again',
    breaks: 'the stream',
    file: adapter('live/event_feed.ts'),
    find: 'toldId = lastIdOf(entries)',
    replace: 'toldId = entries.firstId',
  },
  {
    name: 'lose what another process committed before this one',
    breaks: 'the stream',
    file: adapter('live/event_feed.ts'),
    find: 'if (first.firstId === toldId + 1) publish',
    replace: 'if (first.firstId > toldId) publish',
  },
  {
    name: 'count a commit of many receipts as one transition',
    breaks: 'metrics',
    file: adapter('metrics/commit_metrics.ts'),
    find: 'inc(receiptIds.length)',
    replace: 'inc()',
    caughtBy: adapter('metrics/metrics.test.ts'),
  },
  {
    name: 'count the paper of a requeued receipt twice',
    breaks: 'metrics',
    file: adapter('metrics/commit_metrics.ts'),
    find: "|| (from !== 'printing' && from !== 'unknown')",
    replace: '',
    caughtBy: adapter('metrics/durations.test.ts'),
  },
  {
    name: 'time a delivery that is not on the disk, and time it again',
    breaks: 'metrics',
    file: adapter('delivery/deliver.ts'),
    find: 'const next = await records.done(receipt, outcome, { since, goesOn })\n      deps.watch.delivered(receipt)',
    replace:
      'deps.watch.delivered(receipt)\n      const next = await records.done(receipt, outcome, { since, goesOn })',
    caughtBy: adapter('metrics/durations.test.ts'),
  },
  {
    name: 'show the last of several payments for their sum',
    breaks: 'the slip',
    file: adapter('slip/sections.ts'),
    find: '(all, one) => all + one',
    replace: '(_all, one) => one',
    caughtBy: adapter('slip/text.test.ts'),
  },
]
