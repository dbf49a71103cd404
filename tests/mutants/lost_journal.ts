import { adapter, type Mutant } from './mutant.ts'

/** Bugs in the handling of a journal that has lost something. */
export const LOST_JOURNAL: readonly Mutant[] = [
  {
    name: 'go on in a file that is no longer at its path',
    breaks: 'invariant 12',
    file: adapter('sqlite/database.ts'),
    find: '    db.assertInPlace()\n    return result',
    replace: '    return result',
    caughtBy: adapter('sqlite/sqlite_bun.test.ts'),
  },
  {
    name: 'look for the WAL beside a symbolic link',
    breaks: 'invariant 12',
    file: adapter('sqlite/files.ts'),
    find: 'if (target === null) return file',
    replace: 'if (target === null) return path',
    caughtBy: adapter('sqlite/sqlite_bun.test.ts'),
  },
  {
    name: 'start on a journal that is behind its FN',
    breaks: 'invariant 12',
    file: adapter('printing/compare.ts'),
    find: 'if (lacking.length > 0)',
    replace: 'if (lacking.length > 1_000_000)',
  },
  {
    name: 'print again what the KKT printed for a lost journal',
    breaks: 'invariant 2',
    file: adapter('printing/printer.ts'),
    find: 'if (!mayBeKnown || !receipt)',
    replace: 'if (mayBeKnown !== null || !receipt)',
    caughtBy: adapter('printing/first_contact.test.ts'),
  },
  {
    name: 'send again receipts whose delivery a journal has lost',
    breaks: 'invariant 4',
    file: adapter('printing/first_contact.ts'),
    find: 'tx.doubtDeliveries()',
    replace: '',
  },
  {
    name: 'send at once the pending receipts of an old copy of the journal',
    breaks: 'invariant 4',
    file: adapter('delivery/left_behind.ts'),
    find: "this.#mode = deps.journal.isNew ? 'half_sent' : 'cut_off'",
    replace: "this.#mode = 'half_sent'",
    caughtBy: adapter('delivery/worker_first.test.ts'),
  },
  {
    name: 'let two shops sign with one FN',
    breaks: 'invariant 2',
    file: 'services/mock_kkt/device/fiscal_memory.ts',
    find: 'if (owner !== kktNumber) throw',
    replace: 'if (owner === undefined) throw',
    caughtBy: 'services/mock_kkt/device/documents.long.test.ts',
  },
]
