import { adapter, type Mutant } from './mutant.ts'

/** Bugs in what a commit writes beside its receipts: the audit log and the totals. */
export const GATHERED: readonly Mutant[] = [
  {
    name: 'have the totals forget a requeue',
    breaks: 'totals',
    file: adapter('journal/gathered.ts'),
    find: 'if (from !== null) now[from] -= 1',
    replace: "if (from === 'failed') return\n      if (from !== null) now[from] -= 1",
    caughtBy: adapter('journal/gathered.test.ts'),
  },
  {
    name: 'let a receipt go from any state to any other',
    breaks: 'states',
    file: adapter('journal/gathered.ts'),
    find: 'if (!mayFollow(from, to))',
    replace: 'if (from === to)',
    caughtBy: adapter('journal/gathered.test.ts'),
  },
  {
    name: 'keep what an undone work gathered',
    breaks: 'audit log',
    file: adapter('journal/group_commit.ts'),
    find: 'release.run()\n      gathered.forget()',
    replace: 'release.run()',
    caughtBy: adapter('journal/group_commit.test.ts'),
  },
  {
    name: 'write an audit row twice after an undone work',
    breaks: 'audit log',
    file: adapter('journal/group_commit.ts'),
    find: 'gathered.forget()\n    return exclusively',
    replace: 'return exclusively',
    caughtBy: adapter('journal/gathered.test.ts'),
  },
  {
    name: 'reclaim what a former sender left without a word in the audit log',
    breaks: 'audit log',
    file: adapter('journal/transitions.ts'),
    find: "for (const row of reclaimed) gathered.moved({ ...row, from: 'syncing', to: 'pending', atMs })",
    replace: '',
    caughtBy: adapter('journal/transitions.test.ts'),
  },
  {
    name: 'count on what retention has removed',
    breaks: 'totals',
    file: adapter('journal/retention.ts'),
    find: 'for (const { status } of removed) gathered.removed(status)',
    replace: '',
    caughtBy: adapter('journal/retention.test.ts'),
  },
]
