/** A known bug: what it breaks, how it is planted, and the test that has to see it. */
export type Mutant = {
  name: string
  /** What of the design it breaks. */
  breaks: string
  /** From the repository's root. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** The test file that goes red. */
  caughtBy: string
}

const adapter = (path: string) => `services/kkt_adapter/src/${path}`

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'answer before the commit',
    breaks: 'invariant 1',
    file: adapter('journal/group_commit.ts'),
    find: "      db.exec('COMMIT')\n      return answers",
    replace: "      for (const answer of answers) answer()\n      db.exec('COMMIT')\n      return []",
    caughtBy: adapter('journal/group_commit.test.ts'),
  },
  {
    name: 'commit without waiting for the disk',
    breaks: 'invariant 1',
    file: adapter('journal/database.ts'),
    find: 'PRAGMA synchronous = FULL',
    replace: 'PRAGMA synchronous = OFF',
    caughtBy: adapter('journal/sqlite_bun.test.ts'),
  },
  {
    name: 'leave open what could not be rolled back',
    breaks: 'invariant 1',
    file: adapter('journal/group_commit.ts'),
    find: "      rollBack()\n      db.exec('BEGIN IMMEDIATE')",
    replace: "      db.exec('BEGIN IMMEDIATE')",
    caughtBy: adapter('journal/failing_disk.test.ts'),
  },
  {
    name: 'begin anew beside the WAL of a lost buffer',
    breaks: 'invariant 1',
    file: adapter('journal/database.ts'),
    find: 'if (walBytes > 0) throw new LostDatabase(path, walBytes)',
    replace: '',
    caughtBy: adapter('journal/sqlite_bun.test.ts'),
  },
  {
    name: 'write on in a damaged buffer',
    breaks: 'invariant 2',
    file: adapter('journal/storage.ts'),
    find: 'if (failure !== null && isDamaged()) throw failure',
    replace: '',
    caughtBy: adapter('journal/failing_disk.test.ts'),
  },
  {
    name: 'prune what is not on paper',
    breaks: 'retention',
    file: adapter('journal/retention.ts'),
    find: 'AND needs_paper = 0 ',
    replace: '',
    caughtBy: adapter('journal/retention.test.ts'),
  },
  {
    name: 'take room for little for room for a receipt',
    breaks: 'health',
    file: adapter('journal/journal.ts'),
    find: 'write(intake.rehearse)',
    replace: "write(() => db.exec('UPDATE totals SET delivered = delivered'))",
    caughtBy: adapter('journal/journal.test.ts'),
  },
  {
    name: 'drop the idempotency check',
    breaks: 'invariant 2',
    file: adapter('journal/intake.ts'),
    find: 'const known = byKey.get(key)',
    replace: "const known = byKey.get('a key that nobody has')",
    caughtBy: adapter('journal/intake.test.ts'),
  },
  {
    name: 'take another body under a known key for the same receipt',
    breaks: 'invariant 2',
    file: adapter('journal/intake.ts'),
    find: 'return known.body_hash === bodyHash',
    replace: 'return known.body_hash !== null',
    caughtBy: adapter('journal/intake.test.ts'),
  },
  {
    name: 'fiscalise what only lacks paper',
    breaks: 'invariant 2',
    file: adapter('receipts/fiscalize.ts'),
    find: 'async function reprint({ id }: Receipt, token: FencingToken): Promise<Step> {\n    const outcome = await driver.reprint(id, token)',
    replace:
      'async function reprint({ id, content }: Receipt, token: FencingToken): Promise<Step> {\n    const outcome = await driver.fiscalize(id, content, token)',
    caughtBy: adapter('receipts/fiscalize_troubles.test.ts'),
  },
  {
    name: 'print again after a lost reply, without a look-up',
    breaks: 'invariant 3',
    file: adapter('receipts/recover.ts'),
    find: 'const lookup = await driver.lookup(id, token)',
    replace:
      "const asked = await driver.lookup(id, token)\n  const lookup = asked.kind === 'found' ? { kind: 'absent' as const } : asked",
    caughtBy: adapter('receipts/recover.test.ts'),
  },
  {
    name: 'take a silent KKT for one without the document',
    breaks: 'invariant 3',
    file: adapter('receipts/recover.ts'),
    find: "if (lookup.kind === 'unknown') return lookup.kind",
    replace: '',
    caughtBy: adapter('receipts/recover.test.ts'),
  },
  {
    name: 'let an older holder reach the KKT',
    breaks: 'invariants 2 and 6',
    file: adapter('kkt/mock/mock_kkt.ts'),
    find: 'if (token < device.newestToken) return STALE',
    replace: '',
    caughtBy: adapter('kkt/mock/fencing.test.ts'),
  },
  {
    name: 'reuse an FD number',
    breaks: 'invariant 2',
    file: adapter('kkt/mock/fiscal_memory.ts'),
    find: 'const doc = sign(fd + 1, in_shift + 1)',
    replace: 'const doc = sign(Math.max(1, fd), in_shift + 1)',
    caughtBy: adapter('kkt/mock/mock_kkt.test.ts'),
  },
  {
    name: 'send again without a look-up',
    breaks: 'invariant 4',
    file: adapter('sync/deliver.ts'),
    find: 'let isKnownAbsent = !receipt.maybeAtOfd',
    replace: 'let isKnownAbsent = true',
    caughtBy: adapter('sync/worker.test.ts'),
  },
  {
    name: 'forget that an unclear answer may have been a yes',
    breaks: 'invariant 4',
    file: adapter('sync/deliver.ts'),
    find: "const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent",
    replace: 'const maybeAtOfd = false',
    caughtBy: adapter('sync/worker.test.ts'),
  },
  {
    name: 'believe at once that an OFD has nothing which was cut off',
    breaks: 'invariant 4',
    file: adapter('sync/deliver.ts'),
    find: 'if (maybeAtOfd) await letSettle(id, stopping)',
    replace: '',
    caughtBy: adapter('sync/deliver.test.ts'),
  },
  {
    name: 'forget what a crash left half sent',
    breaks: 'invariant 4',
    file: adapter('sync/worker.ts'),
    find: 'const ids = await lease.write(() => journal.transitions.reclaimSyncing())',
    replace: 'const ids: string[] = []',
    caughtBy: adapter('sync/worker.test.ts'),
  },
  {
    name: 'send the newest first',
    breaks: 'invariant 5',
    file: adapter('journal/queries.ts'),
    find: 'AND pos_id = ? ORDER BY fd_number LIMIT 1',
    replace: 'AND pos_id = ? ORDER BY fd_number DESC LIMIT 1',
    caughtBy: adapter('sync/worker.test.ts'),
  },
  {
    name: 'forget the fence when writing',
    breaks: 'invariant 6',
    file: adapter('lease/journal_lease.ts'),
    find: 'if (!journal.leases.isHeldBy(name, self, epoch)) throw new LeaseLost()',
    replace: '',
    caughtBy: adapter('lease/journal_lease.test.ts'),
  },
  {
    name: 'trust a lease from the end of a slow commit',
    breaks: 'invariant 6',
    file: adapter('lease/journal_lease.ts'),
    find: 'trustedUntilMs = askedAtMs + TRUST_MS',
    replace: 'trustedUntilMs = clock.monotonicMs() + TRUST_MS',
    caughtBy: adapter('lease/journal_lease.test.ts'),
  },
  {
    name: 'send on with a token that the OFD has refused',
    breaks: 'invariant 6',
    file: adapter('lease/sender_lease.ts'),
    find: 'if (ownToken === null || ownToken <= refused) return null',
    replace: 'if (ownToken === null) return null',
    caughtBy: adapter('lease/sender_lease_failures.test.ts'),
  },
  {
    name: 'dead-letter for an outage',
    breaks: 'invariant 7',
    file: adapter('sync/deliver.ts'),
    find: "const counts = outcome.kind === 'unknown' && isOwnFailure()",
    replace: "const counts = outcome.kind === 'unknown'",
    caughtBy: adapter('sync/worker_outages.test.ts'),
  },
  {
    name: 'mint ids by the wall clock alone',
    breaks: 'invariant 8',
    file: adapter('journal/journal.ts'),
    find: 'nextReceiptId(totals.lastReceiptId(),',
    replace: "nextReceiptId('',",
    caughtBy: adapter('journal/intake.test.ts'),
  },
  {
    name: 'take one more than there is room for',
    breaks: 'invariant 9',
    file: adapter('journal/intake.ts'),
    find: 'if (queued >= deps.maxUndelivered)',
    replace: 'if (queued > deps.maxUndelivered)',
    caughtBy: adapter('journal/intake.test.ts'),
  },
  {
    name: 'round a half-kopeck down',
    breaks: 'invariant 10',
    file: adapter('receipts/money.ts'),
    find: '* BigInt(quantityMilli) + 500n) / 1000n',
    replace: '* BigInt(quantityMilli) + 499n) / 1000n',
    caughtBy: adapter('receipts/money.test.ts'),
  },
  {
    name: 'count probes as attempts',
    breaks: 'invariant 11',
    file: adapter('sync/worker.ts'),
    find: '() => !isProbe && isAlone(lane)',
    replace: '() => isAlone(lane)',
    caughtBy: adapter('sync/worker_outages.test.ts'),
  },
  {
    name: 'send through an open breaker',
    breaks: 'invariant 11',
    file: adapter('sync/worker.ts'),
    find: "if (stopping.signal.aborted || admission.kind === 'closed_off') return false",
    replace: 'if (stopping.signal.aborted) return false',
    caughtBy: adapter('sync/worker_outages.test.ts'),
  },
]
