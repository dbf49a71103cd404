import { adapter, type Mutant } from './mutant.ts'

const WATCHED = adapter('delivery/by_register.long.test.ts')

/** Bugs in what the adapter believes of a register that hands its documents to the OFD by itself. */
export const BY_REGISTER: readonly Mutant[] = [
  {
    name: 'take a document for sent that is made while the register reports',
    breaks: 'invariant 7',
    file: adapter('delivery/register_look.ts'),
    find: 'Math.min(knownFd, heldThrough(state))',
    replace: 'heldThrough(state)',
    caughtBy: WATCHED,
  },
  {
    name: 'take the first unsent document for sent',
    breaks: 'invariant 5',
    file: adapter('delivery/register_look.ts'),
    find: 'unsent.firstFd - 1',
    replace: 'unsent.firstFd',
    caughtBy: WATCHED,
  },
  {
    name: 'take all for sent where the register does not name the first unsent document',
    breaks: 'invariant 7',
    file: adapter('delivery/register_look.ts'),
    find: 'return unsent.count === 0 ? lastFdNumber : 0',
    replace: 'return lastFdNumber',
    caughtBy: WATCHED,
  },
  {
    name: 'let the next FN tell of the one before',
    breaks: 'invariant 7',
    file: adapter('delivery/register_look.ts'),
    find: 'fnNumber !== state.fnNumber || knownFd === null',
    replace: 'fnNumber === null || knownFd === null',
    caughtBy: WATCHED,
  },
  {
    name: 'show no receipt of an FN that was taken out',
    breaks: 'invariant 7',
    file: adapter('delivery/by_register.ts'),
    find: ': handedOver.pendingOfOthers(fnNumber)',
    replace: ': 0',
    caughtBy: WATCHED,
  },
  {
    name: 'fill the buffer with what the FN keeps',
    breaks: 'invariant 9',
    file: adapter('journal/totals.ts'),
    find: "way === 'kkt' ? unprinted(counts) : undelivered(counts)",
    replace: 'undelivered(counts)',
    caughtBy: adapter('http/delivered_by_kkt.long.test.ts'),
  },
  {
    name: 'take all for sent by a register that works without an OFD',
    breaks: 'invariant 7',
    file: adapter('kkt/atol/state_of_register.ts'),
    find: 'registered.isOffline === true ? neverSent(lastFdNumber) : ',
    replace: '',
    caughtBy: adapter('kkt/atol/state_of_register.long.test.ts'),
  },
]
