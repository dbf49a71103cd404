import { adapter, type Mutant } from './mutant.ts'

/** Bugs by which a client learns of others, loses its token, or has a sale printed twice, and a clock that ends the sales. */
export const DOORS: readonly Mutant[] = [
  {
    name: 'take half of a file of tokens',
    breaks: 'invariant 2',
    file: adapter('access/token_keeper.ts'),
    find: 'heldText === null || text === seenText',
    replace: 'true',
  },
  {
    name: 'forget the keys of a token that got another name',
    breaks: 'invariant 2',
    file: adapter('access/access.ts'),
    find: '.some((holder) => holder.name === name)',
    replace: '.some(() => true)',
    caughtBy: adapter('http/access_receipts.test.ts'),
  },
  {
    name: 'tell a till of the last failure of all',
    breaks: 'invariant 10',
    file: adapter('http/health_routes.ts'),
    find: 'tillsOf(caller) === null ? health : forTill(health)',
    replace: 'tillsOf(caller) === null ? forTill(health) : health',
    caughtBy: adapter('http/access_pages.test.ts'),
  },
  {
    name: 'judge rates of VAT by a clock that was set back',
    breaks: 'invariant 8',
    file: adapter('journal/totals.ts'),
    find: 'Math.max(deps.wallMs(), mergedMs,',
    replace: 'Math.min(deps.wallMs(), mergedMs,',
    caughtBy: adapter('http/till_words.test.ts'),
  },
]
