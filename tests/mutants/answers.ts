import { adapter, type Mutant } from './mutant.ts'

/** Bugs in the adapter's reading of the OFD's answers. */
export const ANSWER_MUTANTS: readonly Mutant[] = [
  {
    name: 'send again without a look-up',
    breaks: 'invariant 4',
    file: adapter('delivery/hand_over.ts'),
    find: 'let isKnownAbsent = !receipt.maybeAtOfd',
    replace: 'let isKnownAbsent = true',
    caughtBy: adapter('delivery/worker.test.ts'),
  },
  {
    name: 'believe a look-up about another receipt',
    breaks: 'invariant 4',
    file: adapter('delivery/ofd_client.ts'),
    find: "typeof named === 'string' && named.toLowerCase() === id ? 'ours' : 'another'",
    replace: "'ours'",
    caughtBy: adapter('delivery/ofd_client_subject.test.ts'),
  },
  {
    name: 'take an acceptance under the ofd_id of another receipt',
    breaks: 'invariant 4',
    file: adapter('delivery/belief.ts'),
    find: 'if (!outcome.isNamed && isOfAnother(outcome.ofdId, id))',
    replace: 'if (false)',
  },
  {
    name: 'take a proxy’s page for an OFD without a look-up',
    breaks: 'invariant 4',
    file: adapter('delivery/belief.ts'),
    find: "if (kind === 'unsupported' && (hasLookup || hasAnswered))",
    replace: 'if (false)',
  },
  {
    name: 'believe that the OFD has no look-up while its first answer to one is journaled',
    breaks: 'invariant 4',
    file: adapter('delivery/belief.ts'),
    find: '(hasLookup || hasAnswered)',
    replace: 'hasLookup',
  },
  {
    name: 'forget after a crash that the OFD answers look-ups',
    breaks: 'invariant 4',
    file: adapter('delivery/belief.ts'),
    find: 'if (isOwnWord && !hasLookup) await',
    replace: 'if (isOwnWord && !hasLookup) void',
  },
  {
    name: 'log a part of a receipt that the OFD quotes',
    breaks: 'invariant 10',
    file: adapter('delivery/ofd_words.ts'),
    find: "fragment !== '' && !mayReveal(fragment, secrets)",
    replace: "fragment !== ''",
  },
]
